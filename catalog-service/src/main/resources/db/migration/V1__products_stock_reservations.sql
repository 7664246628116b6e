-- Both are trusted extensions: a role that may create in its database may create them. Where it may not, whoever owns
-- the database creates them first, and these lines find them there.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- "Maçãs", "macas" and "MAÇÃS" are one word to the search and one place in the alphabet. Immutable, as an index needs
-- it, because the dictionary is named; it is the dictionary of the extension, which no one edits.
create function without_accents(value text) returns text
    language sql immutable strict parallel safe
    return lower(unaccent('unaccent'::regdictionary, value));

create text search configuration feira_en (copy = english);
alter text search configuration feira_en alter mapping for hword, hword_part, word with unaccent, english_stem;

create text search configuration feira_pt (copy = portuguese);
alter text search configuration feira_pt alter mapping for hword, hword_part, word with unaccent, portuguese_stem;

create table categories (
    slug     text primary key check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 40),
    name_en  text not null,
    name_pt  text not null,
    picture  text not null,
    position integer not null default 0 -- as the market shows them
);

create table products (
    sku            text collate "C" primary key check (sku ~ '^[A-Z0-9]+(-[A-Z0-9]+)*$' and length(sku) <= 40),
    name_en        text          not null,
    name_pt        text          not null,
    description_en text          not null,
    description_pt text          not null,
    category       text          not null references categories,
    price          numeric(9, 2) not null check (price > 0), -- EUR, VAT included
    vat_rate       numeric(3, 2) not null check (vat_rate >= 0),
    unit           text          not null check (unit in ('KG', 'PIECE', 'BUNCH', 'LOAF', 'JAR', 'BOTTLE', 'PACK', 'DOZEN')),
    picture        text          not null,
    status         text          not null check (status in ('ACTIVE', 'ARCHIVED')),
    version        bigint        not null default 1,
    created_at     timestamptz   not null default now(),
    updated_at     timestamptz   not null default now(),
    -- "C" sorts the same on every machine; what has no accents needs no more
    sort_en        text collate "C" generated always as (without_accents(name_en)) stored,
    sort_pt        text collate "C" generated always as (without_accents(name_pt)) stored,
    names          text generated always as (without_accents(name_en) || ' ' || without_accents(name_pt)) stored,
    document       tsvector      not null -- written by the trigger below
);

create index products_by_name_en on products (sort_en, sku);
create index products_by_name_pt on products (sort_pt, sku);
create index products_by_price on products (price, sku);
create index products_by_age on products (created_at, sku);
create index products_by_category on products (category, sku);
create index products_document on products using gin (document);
create index products_names on products using gin (names gin_trgm_ops);

-- What the full text search sees: both names first, then the category, then the descriptions.
create function products_write_document() returns trigger
    language plpgsql as
$$
declare
    shelf categories%rowtype;
begin
    select * into shelf from categories where slug = new.category;
    new.document := setweight(to_tsvector('feira_en', new.name_en), 'A')
        || setweight(to_tsvector('feira_pt', new.name_pt), 'A')
        || setweight(to_tsvector('feira_en', coalesce(shelf.name_en, '')), 'B')
        || setweight(to_tsvector('feira_pt', coalesce(shelf.name_pt, '')), 'B')
        || setweight(to_tsvector('feira_en', new.description_en), 'D')
        || setweight(to_tsvector('feira_pt', new.description_pt), 'D');
    return new;
end
$$;

create trigger products_document
    before insert or update of name_en, name_pt, description_en, description_pt, category on products
    for each row execute function products_write_document();

create function categories_write_documents() returns trigger
    language plpgsql as
$$
begin
    update products set category = category where category = new.slug;
    return null;
end
$$;

create trigger categories_documents
    after update of name_en, name_pt on categories
    for each row execute function categories_write_documents();

-- The misspelt: products one of whose names has a part that looks like what was typed, by its groups of three letters.
create function products_like(typed text) returns table (sku text, score real)
    language sql stable
    set pg_trgm.word_similarity_threshold = 0.45 as
$$
select p.sku, word_similarity(without_accents(typed), p.names)
  from products p
 where without_accents(typed) <% p.names
$$;

-- One row for each product, from its first day. The checks are the last line of defence: no bug of the service and no
-- statement typed by hand can sell what is not there.
create table stock (
    sku       text collate "C" primary key references products,
    received  bigint not null default 0,                        -- deliveries, corrections and waste, summed
    available bigint not null default 0 check (available >= 0), -- can be bought now
    reserved  bigint not null default 0 check (reserved >= 0),  -- held for orders under way
    sold      bigint not null default 0 check (sold >= 0),      -- confirmed orders, returns taken off
    version   bigint not null default 1,
    constraint stock_balances check (received = available + reserved + sold)
) with (fillfactor = 50); -- room for updates in place: popular products change with every order

-- The ledger behind stock.received; rows are only ever added.
create table stock_movements (
    id          bigint generated always as identity primary key,
    sku         text collate "C" not null references products,
    kind        text        not null check (kind in ('RECEIVED', 'CORRECTED', 'WASTE')),
    quantity    bigint      not null check (quantity <> 0), -- what it adds: waste is negative
    reason      text        not null,
    recorded_by text        not null, -- the token's subject
    recorded_at timestamptz not null,
    request_key text, -- of the request that recorded it: a request that is repeated is recorded once; null: the seed
    unique (sku, request_key),
    check (case kind when 'RECEIVED' then quantity > 0 when 'WASTE' then quantity < 0 else true end)
);

create index stock_movements_by_sku on stock_movements (sku, id desc);

create table reservations (
    order_id   uuid primary key,
    status     text        not null check (status in ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED', 'RETURNED')),
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index reservations_to_expire on reservations (expires_at) where status = 'HELD';
create index reservations_by_age on reservations (created_at, order_id);

create table reservation_lines (
    order_id uuid   not null references reservations,
    -- checked at commit: an unknown product is found, and named, by the statement that takes the stock
    sku      text collate "C" not null references products deferrable initially deferred,
    quantity bigint not null check (quantity > 0),
    primary key (order_id, sku)
);

-- Signs the cursors of lists, so that any replica knows those of the others.
create table cursor_key (
    id     smallint primary key default 1 check (id = 1),
    secret bytea not null check (length(secret) = 32)
);
