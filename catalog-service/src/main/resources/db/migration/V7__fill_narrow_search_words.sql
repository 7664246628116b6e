insert into product_words (sku, status, named, described)
select sku, status, named_words(name_en, name_pt, sku, category), described_words(description_en, description_pt)
  from products
 order by sku
    on conflict do nothing;
