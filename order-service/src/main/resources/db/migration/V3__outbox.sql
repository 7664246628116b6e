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
create index outbox_by_aggregate on outbox (aggregateid);

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
