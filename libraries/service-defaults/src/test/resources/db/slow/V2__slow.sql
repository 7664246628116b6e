SELECT pg_sleep(1.5); -- like creating an index of a large table
