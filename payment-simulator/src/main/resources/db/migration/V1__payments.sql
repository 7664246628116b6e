-- No card number is stored anywhere: a token knows the brand, the last four digits and how the card behaves.
create table card_token (
    token      text primary key,
    behaviour  text        not null,
    brand      text        not null,
    last4      text        not null,
    created_at timestamptz not null
);

-- One row for each Idempotency-Key; its row lock makes requests with one key wait for each other.
create table request_key (
    id          text primary key,
    fingerprint text        not null,
    attempts    integer     not null,
    created_at  timestamptz not null
);

create table charge (
    id              uuid primary key,
    idempotency_key text           not null unique,
    reference       text           not null,
    amount          numeric(12, 2) not null check (amount > 0),
    refunded        numeric(12, 2) not null check (refunded between 0 and amount),
    behaviour       text           not null,
    brand           text           not null,
    last4           text           not null,
    status          text           not null check (status in ('SUCCEEDED', 'DECLINED', 'PENDING', 'CANCELLED')),
    decline_reason  text,
    created_at      timestamptz    not null,
    settles_at      timestamptz,
    version         integer        not null,
    check (refunded = 0 or status = 'SUCCEEDED'),
    check ((status = 'PENDING') <= (settles_at is not null))
);
create index charge_reference on charge (reference, created_at);
create index charge_unsettled on charge (settles_at) where status = 'PENDING';

create table refund (
    id              uuid primary key,
    idempotency_key text           not null unique,
    charge_id       uuid           not null references charge,
    reference       text           not null,
    amount          numeric(12, 2) not null check (amount > 0),
    created_at      timestamptz    not null
);
create index refund_reference on refund (reference, created_at);
create index refund_charge on refund (charge_id);

-- Money that moved, in the order it was written; nothing here is ever changed.
create table ledger_entry (
    position  bigint generated always as identity primary key,
    kind      text           not null check (kind in ('CHARGE', 'REFUND')),
    id        uuid           not null unique,
    charge_id uuid           not null references charge,
    reference text           not null,
    amount    numeric(12, 2) not null check (amount > 0),
    at        timestamptz    not null
);

create table webhook_delivery (
    id           bigint generated always as identity primary key,
    event_id     uuid        not null,
    body         text        not null,
    created_at   timestamptz not null,
    due_at       timestamptz not null,
    attempts     integer     not null default 0,
    delivered_at timestamptz,
    given_up_at  timestamptz,
    last_error   text
);
create index webhook_delivery_due on webhook_delivery (due_at) where delivered_at is null and given_up_at is null;
