-- The tables that order.sql writes: one order in one database, without any service.
CREATE TABLE products (sku integer PRIMARY KEY, available integer NOT NULL CHECK (available >= 0));
CREATE TABLE idempotency_keys (key text PRIMARY KEY, response text NOT NULL);
CREATE TABLE orders (id text PRIMARY KEY, customer integer NOT NULL, status text NOT NULL, placed_at timestamptz NOT NULL);
CREATE TABLE order_lines (order_id text NOT NULL, sku integer NOT NULL, quantity integer NOT NULL, PRIMARY KEY (order_id, sku));
CREATE TABLE order_events (order_id text NOT NULL, type text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE reservations (order_id text NOT NULL, sku integer NOT NULL, quantity integer NOT NULL, PRIMARY KEY (order_id, sku));
CREATE TABLE charges (order_id text PRIMARY KEY, amount numeric(12, 2) NOT NULL, status text NOT NULL);
CREATE INDEX ON order_events (order_id);
CREATE INDEX ON orders (customer, placed_at);
INSERT INTO products SELECT sku, 1000000000 FROM generate_series(0, 99) AS sku;
