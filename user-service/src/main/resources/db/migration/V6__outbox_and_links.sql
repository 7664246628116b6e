set local lock_timeout = '300ms';

-- Whether the person has opened a link that was sent to the address. The version before writes accounts without it: unverified.
alter table users add column email_verified boolean not null default false;
update users set email_verified = true where demo;

-- Links in messages, each valid once. Of a link's token only the SHA-256 is stored: nothing in here opens anything.
create table account_links (
    hash       bytea        primary key,
    user_id    uuid         not null references users on delete cascade,
    kind       varchar(20)  not null,
    email      varchar(254) not null,   -- the address that the link is about
    request_id uuid         not null,   -- the two links of a changed address have the same one
    expires_at timestamptz  not null,
    used_at    timestamptz              -- also when a newer link replaced it
);
create index account_links_user on account_links (user_id, kind);
create index account_links_request on account_links (request_id);
create index account_links_expires_at on account_links (expires_at);

-- Events of this service. The columns up to payload are those of Debezium's outbox event router.
create table outbox (
    id            uuid        primary key,
    aggregatetype text        not null,
    aggregateid   text        not null,
    type          text        not null,
    payload       jsonb       not null,
    traceparent   text,
    occurred_at   timestamptz not null,
    -- The position in the feed. Numbers of an identity are given before the commit: readers go by the transaction first, and see
    -- it when every older one has ended.
    epoch         integer     not null,
    transaction   xid8        not null default pg_current_xact_id(),
    number        bigint      not null generated always as identity
);

create unique index outbox_positions on outbox (epoch, transaction, number);
create index outbox_by_age on outbox (occurred_at);
create index outbox_by_aggregate on outbox (aggregatetype, aggregateid);   -- for the erasure of a person

-- Database clusters and their timelines in which this database has been: after a restore, transactions are counted anew.
create table outbox_epochs (
    number   integer primary key generated always as identity,
    cluster  bigint  not null,
    timeline integer not null
);

-- What each consumer has read.
create table outbox_consumers (
    consumer    text        primary key,
    epoch       integer     not null,
    transaction xid8        not null,
    number      bigint      not null,
    seen_at     timestamptz not null default now()
);

-- The last position that was deleted.
create table outbox_deleted (
    single      boolean primary key default true check (single),
    epoch       integer not null,
    transaction xid8    not null,
    number      bigint  not null
);

-- The first epoch, as the library events begins it.
do $$
begin
    insert into outbox_epochs (cluster, timeline)
    select system_identifier, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer from pg_control_system();
exception when others then   -- where PostgreSQL does not tell which cluster it is, there is one epoch
    insert into outbox_epochs (cluster, timeline) values (0, 0);
end $$;

-- The version before stores no events while it runs beside this one: the database does it. A later migration removes both
-- triggers, and account_event_data, which has the form of UserEvents.
create function account_event_data(account users) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'userId', account.id, 'email', account.email, 'emailVerified', account.email_verified, 'name', account.name,
        'locale', account.locale,
        'roles', (select jsonb_agg(role order by array_position(array['CUSTOMER', 'STAFF', 'ADMIN'], role::text))
                    from unnest(account.roles) as role),
        'demo', account.demo)
$$;

create function store_account_event() returns trigger language plpgsql as $$
begin
    if not exists (select from outbox where aggregatetype = 'user' and aggregateid = new.id::text
                                        and transaction = pg_current_xact_id()) then
        insert into outbox (id, aggregatetype, aggregateid, type, payload, occurred_at, epoch)
        values (gen_random_uuid(), 'user', new.id::text,
                case tg_op when 'INSERT' then 'user.registered.v1' else 'user.changed.v1' end,
                account_event_data(new), now(), (select max(number) from outbox_epochs));
        perform pg_notify('outbox', '');
    end if;
    return null;
end $$;

create constraint trigger users_registered after insert on users
    deferrable initially deferred for each row execute function store_account_event();
create constraint trigger users_changed after update on users
    deferrable initially deferred for each row
    when (row (old.name, old.locale, old.roles) is distinct from row (new.name, new.locale, new.roles))
    execute function store_account_event();
