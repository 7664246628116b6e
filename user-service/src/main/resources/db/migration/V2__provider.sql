create table signing_keys (
    kid         varchar(43) primary key,
    public_key  jsonb       not null,               -- JWK
    private_key bytea       not null,               -- 12 bytes nonce, then AES-256-GCM of the private JWK
    created_at  timestamptz not null,
    signs_from  timestamptz not null,
    expires_at  timestamptz                         -- no longer published from here on; null: the newest
);

create table clients (
    id              varchar(100) primary key,
    definition      jsonb        not null,
    secret_hash     varchar(100),
    synchronised_at timestamptz  not null
);

-- One row for each sign-in of a person to a client: the family of all tokens that come from it.
create table authorizations (
    id               varchar(36)  primary key,
    client_id        varchar(100) not null,
    principal_name   varchar(100) not null,
    grant_type       varchar(100) not null,
    scopes           text[]       not null,
    requested_scopes text[],                        -- of a device that waits for its person
    request          jsonb,                         -- the authorization request, for codes
    authenticated_at timestamptz,
    created_at       timestamptz  not null
);
create index authorizations_principal on authorizations (principal_name);

-- Tokens are kept as SHA-256: nothing in here opens anything.
create table authorization_tokens (
    hash             bytea       primary key,
    authorization_id varchar(36) not null references authorizations on delete cascade,
    kind             varchar(20) not null,
    position         bigint      generated always as identity,
    issued_at        timestamptz not null,
    expires_at       timestamptz not null,
    invalidated      boolean     not null,
    consumed_at      timestamptz                    -- of a refresh token: when its successor was issued
);
create index authorization_tokens_authorization on authorization_tokens (authorization_id, kind, position desc);
create index authorization_tokens_expires_at on authorization_tokens (expires_at);
