-- What this service knows of people, by the events of user-service.
create table recipients (
    user_id   text        primary key,
    email     text,
    name      text,
    language  text,
    staff     boolean     not null default false,
    admin     boolean     not null default false,
    demo      boolean     not null default false,
    erased_at timestamptz                            -- then the columns before are empty
);
create index recipients_of_staff on recipients (user_id) where staff;

create table mails (
    number     bigint      primary key generated always as identity,
    id         uuid        not null unique,          -- a hash of the event and the recipient; also the Message-ID
    kind       text        not null,
    user_id    text        not null,
    reference  text,                                 -- the order or product
    recipient  text,                                 -- the address; null after an erasure
    name       text,
    subject    text,                                 -- these three: null after it was sent, and after an erasure
    body       text,
    html       text,
    status     text        not null,
    attempts   integer     not null default 0,
    due_at     timestamptz not null default now(),   -- of a pending mail: the next attempt, or the end of the lease
    send_before timestamptz,                         -- when its link stops working
    error      text,
    created_at timestamptz not null default now(),
    pending_since timestamptz not null default now(), -- or since staff sent it again
    sent_at    timestamptz
);
create index mails_due on mails (due_at) where status = 'PENDING';
create index mails_by_status on mails (status, number);
create index mails_by_reference on mails (reference, number);
create index mails_by_user on mails (user_id, number);

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
