-- One order of three lines: placed, reserved, charged, confirmed. Each step is a durable transaction, as in the saga.
\set n random(1, 9223372036854775806)
\set customer random(1, 100000)
\set sku random(0, 97)
BEGIN;
INSERT INTO idempotency_keys VALUES (md5(:n::text), 'response');
INSERT INTO orders VALUES (md5(:n::text), :customer, 'PLACED', now());
INSERT INTO order_lines SELECT md5(:n::text), :sku + line, 1 FROM generate_series(0, 2) AS line;
INSERT INTO order_events VALUES (md5(:n::text), 'PLACED', now());
COMMIT;
BEGIN;
UPDATE products SET available = available - 1 WHERE sku = :sku AND available >= 1;
UPDATE products SET available = available - 1 WHERE sku = :sku + 1 AND available >= 1;
UPDATE products SET available = available - 1 WHERE sku = :sku + 2 AND available >= 1;
INSERT INTO reservations SELECT md5(:n::text), :sku + line, 1 FROM generate_series(0, 2) AS line;
COMMIT;
INSERT INTO charges VALUES (md5(:n::text), 9.90, 'CAPTURED');
BEGIN;
UPDATE orders SET status = 'CONFIRMED' WHERE id = md5(:n::text);
INSERT INTO order_events VALUES (md5(:n::text), 'CONFIRMED', now());
COMMIT;
