-- VAT rates of up to four digits after the point, such as 0.055. Another type of vat_rate would rewrite the table, and the
-- version before this one reads two digits only. So it keeps its column, with the rate rounded to two digits, until a later
-- release drops the column and both triggers. A row without an exact rate has that of vat_rate.
set local lock_timeout = '300ms';

alter table products
    add column exact_vat_rate numeric(5, 4),
    add constraint exact_vat_rate_is_a_fraction check (exact_vat_rate >= 0 and exact_vat_rate < 1) not valid;

-- This version writes exact_vat_rate only.
create function products_round_vat_rate() returns trigger
    language plpgsql as
$$
begin
    if new.exact_vat_rate is not null then
        new.vat_rate := least(round(new.exact_vat_rate, 2), 0.99); -- less than 1, or the version before cannot read it
    end if;
    return new;
end
$$;

create trigger products_vat_rate
    before insert or update of exact_vat_rate on products
    for each row execute function products_round_vat_rate();

-- The version before writes vat_rate only.
create function products_remove_exact_vat_rate() returns trigger
    language plpgsql as
$$
begin
    new.exact_vat_rate := null;
    return new;
end
$$;

create trigger products_exact_vat_rate
    before update of vat_rate on products
    for each row execute function products_remove_exact_vat_rate();
