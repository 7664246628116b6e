-- Lets the role debezium read the outbox, and nothing else, of the database it is run in. May be run again.
grant usage on schema public to debezium;
grant select on outbox to debezium;

-- Inserted rows only: the deletion of old events is no event
do $$
begin
    if not exists (select from pg_publication where pubname = 'outbox') then
        create publication outbox for table outbox (id, aggregatetype, aggregateid, type, payload, traceparent, occurred_at)
            with (publish = 'insert');
    end if;
end
$$;
