-- The words of products in a table of their own: a search that matches thousands reads narrow rows. products.words, is_named and
-- search_query belong to the search of the version before; the version after this one drops them.
set local lock_timeout = '300ms';

create table product_words (
    sku       text collate "C" primary key references products,
    status    text     not null, -- the product's
    named     tsvector not null, -- names, category and SKU, by weight; they rank
    described tsvector not null
);

-- In SQL a column of the category hides a parameter of the same name.
create function named_words(en text, pt text, sku text, category text) returns tsvector
    language sql stable strict
begin atomic
    select setweight(setweight(stems_en(en) || whole_words(en) || joined_words(en)
                               || stems_pt(pt) || whole_words(pt) || joined_words(pt), 'B'),
                     'A', tsvector_to_array(main_words(en, pt)))
        || setweight(stems_en(sku) || whole_words(sku) || stems_en(c.name_en) || stems_pt(c.name_pt), 'C')
      from categories as c where c.slug = category;
end;

create function described_words(en text, pt text) returns tsvector
    language sql immutable strict parallel safe
    return stems_en(en) || stems_pt(pt);

-- Words of a name, a category or a SKU have a twin after "=": to ask for their weight, the search would read each row it finds.
create function all_words(named tsvector, described tsvector) returns tsvector
    language sql immutable strict parallel safe
    return named || described || array_to_tsvector(array(select '=' || lexeme from unnest(named)));

create index product_words_all on product_words using gin (all_words(named, described));

create function products_write_words() returns trigger
    language plpgsql as
$$
begin
    insert into product_words (sku, status, named, described)
    values (new.sku, new.status, named_words(new.name_en, new.name_pt, new.sku, new.category),
            described_words(new.description_en, new.description_pt))
        on conflict (sku) do update set status = excluded.status, named = excluded.named, described = excluded.described;
    return null;
end
$$;

-- Whether a product on sale has one of the words in its name, its category or its SKU, or a word there that begins with
-- "incomplete". Many products have a word in their description only: a scan of the table would read all of them.
create function is_on_sale(words tsvector, incomplete text) returns boolean
    language plpgsql stable
    set enable_seqscan = off as
$$
declare
    query tsquery := (select cast(string_agg(quote_literal('=' || lexeme), '|') as tsquery) from unnest(words));
begin
    if incomplete is not null then
        query := coalesce(query || cast(quote_literal('=' || incomplete) || ':*' as tsquery), query);
    end if;
    return exists (select from product_words where all_words(named, described) @@ query and status = 'ACTIVE');
end
$$;

-- What a shopper typed, as queries. A minus excludes; quotes keep words together; "or" and "ou" ask for either.
--   every_word: of all_words: each of the words, also incomplete (the last one), misspelled or joined
--   some_word:  of all_words: at least one of them
--   whole:      of named: at least one of them as it was typed, or a synonym; ranks before words that are only alike
--   alike:      of named: words that begin with the last one, or look like a misspelled one
create function search_terms(typed text, out every_word tsquery, out some_word tsquery, out whole tsquery, out alike tsquery)
    language plpgsql stable strict as
$$
declare
    either   boolean := false;
    names    boolean; -- whether a word is none of "of", "the", "de", "que"
    part     record;
    terms    text[] := '{}';
    excluded tsquery;
    last     integer;
    forms    tsvector;
    exact    tsquery;
    synonyms tsquery;
    query    tsquery;
    near     tsquery;
begin
    for part in
        select match[1] is not null as minus, match[2] is not null as quoted, plain_words(coalesce(match[2], match[3])) as term
          from regexp_matches(typed, '(?:(?<=^|\s)(-))?(?:"([^"]+)"|([^\s"]+))', 'g') as match
    loop
        continue when part.term = '';
        exact := phrase(part.term);
        if part.minus then
            exact := coalesce(exact || synonyms_of(exact), exact);
            excluded := coalesce(excluded || exact, exact);
        elsif part.quoted then
            every_word := coalesce(every_word && exact, exact);
            some_word := coalesce(some_word || exact, exact);
            whole := coalesce(whole || exact, exact);
        elsif part.term in ('or', 'ou') then
            either := true;
        else
            terms := terms || string_to_array(part.term, ' ');
        end if;
    end loop;

    terms := terms[1:16]; -- more would only take time
    last := cardinality(terms);
    names := exists (select from unnest(terms) as word where stems_en(word) <> '' and stems_pt(word) <> '');
    for i in 1 .. last loop
        continue when names and (stems_en(terms[i]) = '' or stems_pt(terms[i]) = '');
        forms := stems_en(terms[i]) || stems_pt(terms[i]) || whole_words(terms[i])
            || whole_words(coalesce(terms[i - 1], '') || terms[i]) || whole_words(terms[i] || coalesce(terms[i + 1], ''));
        exact := any_of(forms);
        synonyms := synonyms_of(exact);
        exact := coalesce(exact || synonyms, exact);
        query := exact;
        if i = last then
            query := query || cast(quote_literal('=' || terms[i]) || ':*' as tsquery);
            alike := cast(quote_literal(terms[i]) || ':*' as tsquery);
        end if;
        if synonyms is null and not is_on_sale(forms, case when i = last then terms[i] end) then
            near := words_like(terms[i]);
            query := coalesce(query || near, query);
            alike := coalesce(alike || near, alike, near);
        end if;
        whole := coalesce(whole || exact, exact);
        every_word := coalesce(every_word && query, query);
        some_word := coalesce(some_word || query, query);
    end loop;

    if either then
        every_word := some_word;
    end if;
    if excluded is not null then
        every_word := coalesce(every_word && !!excluded, !!excluded);
        some_word := coalesce(some_word && !!excluded, !!excluded);
    end if;
end
$$;

-- Last: who writes a product waits for it until this migration ends.
create trigger products_words
    after insert or update of sku, name_en, name_pt, description_en, description_pt, category, status on products
    for each row execute function products_write_words();
