insert into search_words
select distinct unnest(tsvector_to_array(stems_en(p.name_en) || whole_words(p.name_en) || stems_pt(p.name_pt) || whole_words(p.name_pt)
                                         || stems_en(p.sku) || whole_words(p.sku) || stems_en(c.name_en) || stems_pt(c.name_pt))) as word
  from products p join categories c on c.slug = p.category
 order by word
    on conflict do nothing;
