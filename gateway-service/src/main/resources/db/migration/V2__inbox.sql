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
