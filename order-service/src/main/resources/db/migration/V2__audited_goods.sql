-- What a reservation is of, so that the audit notices the right order with the wrong goods. Null in a sheet that the version
-- before this one has begun.
alter table audit_stock add column goods text;
