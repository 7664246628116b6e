SELECT pg_sleep(1.5); -- an index of a large table, say
