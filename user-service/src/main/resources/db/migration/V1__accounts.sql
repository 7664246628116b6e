create table users (
    id            uuid primary key,
    email         varchar(254) not null check (email = lower(email)),
    name          varchar(100) not null,
    password_hash varchar(200) not null,           -- Argon2id in PHC form, parameters included
    roles         varchar(20)[] not null,
    locale        varchar(2)   not null,
    demo          boolean      not null,
    disabled_at   timestamptz,
    created_at    timestamptz  not null,
    updated_at    timestamptz  not null,
    version       integer      not null
);
create unique index users_email on users (email);

create table addresses (
    id          uuid primary key,
    user_id     uuid         not null references users on delete cascade,
    label       varchar(40)  not null,
    name        varchar(100) not null,
    street      varchar(200) not null,
    postal_code varchar(12)  not null,
    city        varchar(100) not null,
    country     varchar(2)   not null,
    is_default  boolean      not null,
    created_at  timestamptz  not null,
    version     integer      not null
);
create index addresses_user on addresses (user_id, created_at);
create unique index addresses_one_default on addresses (user_id) where is_default;

-- Counted before the password is looked at, so that guesses in parallel are counted too. Keys are SHA-256.
create table attempts (
    scope         varchar(20) not null,
    key           bytea       not null,
    attempts      integer     not null,
    last_at       timestamptz not null,
    window_ends   timestamptz not null,
    blocked_until timestamptz,
    primary key (scope, key)
);
create index attempts_last_at on attempts (last_at);

-- Addresses from which a person has signed in: attacks from elsewhere do not lock these out.
create table known_addresses (
    user_id uuid        not null references users on delete cascade,
    address varchar(45) not null,
    last_at timestamptz not null,
    primary key (user_id, address)
);

-- The audit log. No foreign key: it outlives accounts.
create table security_events (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    type      varchar(40) not null,
    user_id   uuid,
    client_id varchar(100),
    address   varchar(45),
    detail    jsonb       not null
);
create index security_events_user on security_events (user_id, id desc);
create index security_events_at on security_events (at);
