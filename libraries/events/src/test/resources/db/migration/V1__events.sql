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

-- The inbox: the position in each feed and who reads it, the ids of received events, and events that could not be applied yet.
create table feed_positions (
    feed         text        primary key,
    position     text        not null default '',
    leased_by    text        not null,
    leased_until timestamptz not null,
    moved_at     timestamptz not null default now(),
    audited      text        not null default '' -- the position up to which an audit has found every event
);

create table received_events (
    feed        text        not null,
    id          text        not null,
    received_at timestamptz not null default now(),
    primary key (feed, id)
);
create index received_events_by_age on received_events (received_at);

create table deferred_events (
    number      bigint      primary key generated always as identity,
    feed        text        not null,
    id          text        not null,
    type        text        not null,
    subject     text        not null,
    event       jsonb       not null,
    attempts    integer     not null,
    due_at      timestamptz, -- null: parked, until staff decide
    error       text,
    deferred_at timestamptz not null default now(),
    unique (feed, id)
);
create index deferred_events_of_a_subject on deferred_events (feed, subject, number);

create table effects (
    number  bigint primary key generated always as identity,
    subject text not null,
    effect  text not null
);
