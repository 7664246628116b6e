-- Low stock: the level of each product at which staff are told, and the outbox that tells other services.
set local lock_timeout = '300ms';

-- "low" is set when an event has said so, and reset when the product is above its level again. The version before this one does not
-- know it: what that version takes during a rollout is told by the next change of the product's stock.
alter table stock
    add column reorder_level bigint not null default 0, -- 0: no level
    add column low boolean not null default false,
    add constraint stock_reorder_level check (reorder_level between 0 and 1000000);

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
