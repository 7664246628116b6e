-- How often a product was sold, by the events of order-service; a row for each product, from its first day.
set local lock_timeout = '300ms';

create table product_sales (
    sku  text collate "C" primary key references products,
    sold bigint not null default 0 -- units of confirmed orders, those of returned and cancelled ones taken off
);
create index product_sales_by_number on product_sales (sold, sku);

create function products_add_sales() returns trigger
    language plpgsql as
$$
begin
    insert into product_sales (sku) values (new.sku);
    return null;
end
$$;
create trigger products_sales after insert on products for each row execute function products_add_sales();

-- Orders from before the events. Those that are confirmed between the rollouts of order-service and of this service may count twice
-- or not at all: docs/operations.md has a statement that sets the counts right.
insert into product_sales (sku, sold) select sku, sold from stock on conflict do nothing;

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
