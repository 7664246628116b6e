-- The search in people's words. products.document, products.names and products_like belong to the search of the version
-- before; the version after this one drops them.
set local lock_timeout = '300ms';

-- Small letters and digits without accents, separated by single spaces: "Batata-doce" and "batata doce" are the same words.
create function plain_words(value text) returns text
    language sql immutable strict parallel safe
    return trim(regexp_replace(without_accents(value), '[^[:alnum:]]+', ' ', 'g'));

-- Replaces plurals that the Portuguese stemmer does not reduce to the stem of their singular: limões, animais, pudins, ovos.
create function singulars_pt(plain text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(regexp_replace(regexp_replace(regexp_replace(plain,
        '([[:alnum:]])(oes|aes)\M', '\1ao', 'g'),
        '([[:alnum:]][aeou])is\M', '\1l', 'g'),
        '([[:alnum:]])ns\M', '\1m', 'g'),
        '([[:alnum:]][aeiou])s\M', '\1', 'g');

create function stems_en(value text) returns tsvector
    language sql immutable strict parallel safe
    return to_tsvector('feira_en', plain_words(value));

create function stems_pt(value text) returns tsvector
    language sql immutable strict parallel safe
    return to_tsvector('feira_pt', singulars_pt(plain_words(value)));

create function whole_words(value text) returns tsvector
    language sql immutable strict parallel safe
    return to_tsvector('simple', plain_words(value));

-- Every two adjacent words as one: "oliveoil" finds olive oil.
create function joined_words(value text) returns tsvector
    language sql immutable strict parallel safe
begin atomic
    select to_tsvector('simple', coalesce(string_agg(word || next, ' '), ''))
      from (select word, lead(word) over (order by place) as next
              from string_to_table(plain_words(value), ' ') with ordinality as words (word, place)) as pairs;
end;

-- What a name is about: the last word before "of", "from", "with", "in" or "for" in English, the first one in Portuguese.
-- Strawberries rank before strawberry jam, and morangos before doce de morango.
create function main_words(name_en text, name_pt text) returns tsvector
    language sql immutable strict parallel safe
begin atomic
    select stems_en(en) || whole_words(en) || stems_pt(pt) || whole_words(pt)
      from (select substring(plain_words(regexp_replace(name_en, '( (of|from|with|in|for) |,).*', '')) from '[^ ]*$') as en,
                   split_part(plain_words(name_pt), ' ', 1) as pt) as main;
end;

-- Words of names, with their stems, to which misspelled words are compared. Never deleted: one without a product finds none.
-- V3 fills it in a transaction of its own: a product that is published meanwhile would wait for words that V4 adds.
create table search_words (
    word text collate "C" primary key
);
create index search_words_alike on search_words using gin (word gin_trgm_ops);

-- Words of one meaning, and irregular plurals. A row added here needs no other change.
create table search_synonyms (
    words text primary key,
    stems tsvector not null generated always as (stems_en(words) || stems_pt(words)) stored
);
insert into search_synonyms (words)
values ('eggplant aubergine'), ('shrimp prawn'), ('donut doughnut'), ('calamari squid'), ('biscuit cookie'), ('zucchini courgette'),
       ('cilantro coriander'), ('arugula rocket'), ('beet beetroot'), ('yoghurt yogurt'), ('chili chilli'),
       ('leaf leaves'), ('loaf loaves'), ('calf calves'), ('half halves'), ('knife knives'), ('scarf scarves'), ('shelf shelves'),
       ('goose geese'), ('cactus cacti'), ('child children'), ('foot feet'), ('tooth teeth'), ('mouse mice'),
       ('abacaxi ananas'), ('suco sumo'), ('berinjela beringela'), ('biscoito bolacha'), ('aniversario anos'), ('sorvete gelado'),
       ('barril barris'), ('funil funis'), ('cantil cantis');

-- A query of any of the words; null without words.
create function any_of(words tsvector) returns tsquery
    language sql immutable strict parallel safe
begin atomic
    select cast(string_agg(quote_literal(lexeme), '|') as tsquery) from unnest(words);
end;

create function synonyms_of(query tsquery) returns tsquery
    language sql stable strict
begin atomic
    select cast(string_agg(quote_literal(lexeme), '|') as tsquery)
      from search_synonyms, unnest(tsvector_to_array(stems)) as lexeme where stems @@ query;
end;

create function phrase(term text) returns tsquery
    language sql immutable strict parallel safe
    return phraseto_tsquery('feira_en', plain_words(term)) || phraseto_tsquery('feira_pt', singulars_pt(plain_words(term)));

-- Words of names that look like an unknown word, by their groups of three letters; null without one.
create function words_like(typed text) returns tsquery
    language sql stable strict
    set pg_trgm.similarity_threshold = 0.3
begin atomic
    select cast(string_agg(quote_literal(word), '|') as tsquery)
      from (select word, similarity(word, typed) as score, max(similarity(word, typed)) over () as best
              from search_words where word % typed and word <> typed) as near -- no product on sale has the word itself
     where score >= 0.8 * best;
end;

-- Whether a product on sale has one of the words in its name, its category or its SKU, or a word there that begins with
-- "incomplete". Many products have a word in their description only: a scan of the table would read all of them.
create function is_named(words tsvector, incomplete text) returns boolean
    language plpgsql stable
    set enable_seqscan = off as
$$
declare
    query tsquery := (select cast(string_agg(quote_literal(lexeme) || ':ABC', '|') as tsquery) from unnest(words));
begin
    if incomplete is not null then
        query := coalesce(query || cast(quote_literal(incomplete) || ':*ABC' as tsquery), query);
    end if;
    return exists (select from products as p where p.words @@ query and p.status = 'ACTIVE');
end
$$;

-- What a shopper typed, as queries of products.words. A minus excludes; quotes keep words together; "or" and "ou" ask for either.
--   every_word: each of the words, also incomplete (the last one), misspelled or joined
--   some_word:  at least one of them
--   whole:      at least one of them as it was typed, or a synonym; ranks before words that are only alike
create function search_query(typed text, out every_word tsquery, out some_word tsquery, out whole tsquery)
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
            query := query || cast(quote_literal(terms[i]) || ':*ABC' as tsquery);
        end if;
        if synonyms is null and not is_named(forms, case when i = last then terms[i] end) then
            query := coalesce(query || words_like(terms[i]), query);
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

create or replace function products_write_document() returns trigger
    language plpgsql as
$$
declare
    shelf    categories%rowtype;
    named    tsvector := stems_en(new.name_en) || whole_words(new.name_en) || stems_pt(new.name_pt) || whole_words(new.name_pt);
    numbered tsvector := stems_en(new.sku) || whole_words(new.sku);
    placed   tsvector;
begin
    select * into shelf from categories where slug = new.category;
    placed := stems_en(coalesce(shelf.name_en, '')) || stems_pt(coalesce(shelf.name_pt, ''));
    new.document := setweight(to_tsvector('feira_en', new.name_en), 'A')
        || setweight(to_tsvector('feira_pt', new.name_pt), 'A')
        || setweight(to_tsvector('feira_en', coalesce(shelf.name_en, '')), 'B')
        || setweight(to_tsvector('feira_pt', coalesce(shelf.name_pt, '')), 'B')
        || setweight(to_tsvector('feira_en', new.description_en), 'D')
        || setweight(to_tsvector('feira_pt', new.description_pt), 'D');
    new.words := setweight(setweight(named || joined_words(new.name_en) || joined_words(new.name_pt), 'B'),
                           'A', tsvector_to_array(main_words(new.name_en, new.name_pt)))
        || setweight(numbered || placed, 'C')
        || setweight(stems_en(new.description_en) || stems_pt(new.description_pt), 'D');
    insert into search_words -- in one order, because two transactions that add the same words wait for each other
    select unnest(tsvector_to_array(named || numbered || placed)) as word order by word
        on conflict do nothing;
    return new;
end
$$;

-- Last, because readers wait for a table that is altered, until this migration ends.
alter table products add column words tsvector; -- null until V4
create index products_words on products using gin (words);

create or replace trigger products_document
    before insert or update of sku, name_en, name_pt, description_en, description_pt, category on products
    for each row execute function products_write_document();
