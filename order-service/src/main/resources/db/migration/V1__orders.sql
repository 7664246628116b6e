create table orders (
    id                uuid primary key,
    customer_id       text          not null,
    status            text          not null,
    currency          char(3)       not null,
    net               numeric(12,2) not null,
    vat               numeric(12,2) not null,
    gross             numeric(12,2) not null,
    recipient         text          not null,
    street            text          not null,
    postal_code       text          not null,
    city              text          not null,
    country           char(2)       not null,
    payment_token     text,         -- stands for the card; null as soon as no charge can need it
    payment_status    text,
    charge_id         text,
    card_brand        text,
    card_last4        text,
    decline_reason    text,
    refund_id         text,
    rejection_reason  text,
    rejection_detail  text,
    rejection_lines   jsonb,
    placed_at         timestamptz   not null,
    updated_at        timestamptz   not null,
    version           integer       not null,
    constraint sums_add_up check (net + vat = gross and net >= 0 and vat >= 0)
) with (fillfactor = 80); -- an order is updated three times soon after it is placed

create index orders_of_a_customer on orders (customer_id, placed_at desc, id desc);
create index orders_newest_first on orders (placed_at desc, id desc);
create index orders_by_status on orders (status, placed_at desc, id desc);
create index orders_unsettled on orders (updated_at) where status in ('PLACED', 'RESERVED', 'PAID');

create table order_lines (
    order_id   uuid          not null references orders,
    position   smallint      not null,
    sku        text          not null,
    name_en    text          not null,
    name_pt    text          not null,
    unit       text          not null,
    picture    text,
    quantity   integer       not null check (quantity > 0),
    unit_price numeric(12,2) not null check (unit_price >= 0),
    vat_rate   numeric(5,4)  not null check (vat_rate >= 0),
    line_total numeric(12,2) not null,
    line_vat   numeric(12,2) not null,
    primary key (order_id, position),
    constraint total_is_price_times_quantity check (line_total = unit_price * quantity)
);

create table order_timeline (
    order_id uuid        not null references orders,
    position smallint    not null,
    at       timestamptz not null,
    type     text        not null,
    detail   text,
    primary key (order_id, position)
);

-- The durable steps of the saga. A step is open until it is finished; it is due when due_at has passed. Taking it moves
-- due_at ahead by the lease, so that the step of a killed replica becomes due again by itself.
create table saga_steps (
    order_id    uuid        not null references orders,
    step        text        not null,
    attempts    integer     not null default 0,
    due_at      timestamptz not null default now(),
    claimed_by  text,
    hurried     boolean     not null default false, -- while it was being done: do it again at once if it has no answer
    created_at  timestamptz not null default now(),
    finished_at timestamptz,
    abandoned   boolean     not null default false,
    last_error  text,
    primary key (order_id, step)
) with (fillfactor = 70);

create index saga_steps_due on saga_steps (due_at) where finished_at is null;

create table idempotency_keys (
    customer_id  text        not null,
    value        text        not null,
    fingerprint  text        not null,
    order_id     uuid,
    leased_until timestamptz not null,
    created_at   timestamptz not null default now(),
    status       smallint,
    content_type text,
    location     text,
    etag         text,
    body         bytea,
    primary key (customer_id, value)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);

create table payment_events (
    id          text primary key,
    type        text        not null,
    charge_id   text        not null,
    order_id    uuid        not null,
    received_at timestamptz not null default now()
);

create index payment_events_by_age on payment_events (received_at);

-- What the other parties have, for the time of an audit; see AuditSheets.
create unlogged table audit_sheets (
    id       uuid primary key,
    begun_at timestamptz not null default now()
);

create unlogged table audit_money (
    sheet     uuid    not null,
    reference text    not null,
    order_id  uuid,   -- the same, where it is one
    charged   numeric not null,
    refunded  numeric not null,
    primary key (sheet, reference)
);

create index audit_money_of_an_order on audit_money (sheet, order_id);

create unlogged table audit_stock (
    sheet    uuid not null,
    order_id uuid not null,
    status   text not null,
    primary key (sheet, order_id)
);
