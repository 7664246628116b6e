package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Language;
import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.Page;
import dev.feira.catalog.domain.Position;
import dev.feira.catalog.domain.Price;
import dev.feira.catalog.domain.Product;
import dev.feira.catalog.domain.ProductOrder;
import dev.feira.catalog.domain.ProductQuery;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Products;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Text;
import dev.feira.catalog.domain.Unit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores and searches products; the sixth migration explains the text search. */
@Repository
class PostgresProducts implements Products {

    private static final String OFFER = """
            p.sku, p.name_en, p.name_pt, p.description_en, p.description_pt, p.category, p.price, p.unit,
            coalesce(p.exact_vat_rate, p.vat_rate) as vat_rate,
            p.picture, p.status, p.version, p.created_at, p.updated_at, s.available, s.version as stock_version""";

    /**
     * Matches every word of the text, and if no product has them all, any of them. Words as they were typed rank before words
     * that are only alike, main words of names before other words of names, then category and SKU, then descriptions.
     */
    private static final String MATCHES = """
            query as materialized (
                select every_word, some_word, whole, alike from search_terms(:text)
            ), every_word as materialized (
                select w.sku, %1$s as score
                  from product_words w, query q
                 where all_words(w.named, w.described) @@ q.every_word and w.status = :status
            ), some_word as (
                select w.sku, %1$s as score
                  from product_words w, query q
                 where all_words(w.named, w.described) @@ q.some_word and w.status = :status
                   and not exists (select from every_word)
            ), matches as (
                select sku, score from every_word
                union all
                select sku, score from some_word
            )""".formatted("""
                cast(coalesce(ts_rank('{0, 0.2, 0.4, 1}', w.named, q.whole), 0)
                         + 0.05 * coalesce(ts_rank('{0, 0.2, 0.4, 1}', w.named, q.alike), 0)
                         + case when w.described @@ q.whole then 0.02 else 0 end as real)""");

    /** The column that orders a list. */
    private record Ordering(String column, String type, boolean descending) {

        static Ordering of(ProductOrder order, Language language) {
            return switch (order) {
                case RELEVANCE -> new Ordering("m.score", "real", true);
                case NAME -> new Ordering(language == Language.PT ? "p.sort_pt" : "p.sort_en", "text", false);
                case PRICE -> new Ordering("p.price", "numeric", false);
                case PRICE_DESCENDING -> new Ordering("p.price", "numeric", true);
                case NEWEST -> new Ordering("p.created_at", "timestamptz", true);
                case POPULAR -> new Ordering("sales.sold", "bigint", true);
            };
        }
    }

    private record Hit(Offer offer, String key) {}

    private final JdbcClient jdbc;

    PostgresProducts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Offer> find(Sku sku) {
        return jdbc.sql("select " + OFFER + " from products p join stock s on s.sku = p.sku where p.sku = :sku")
                .param("sku", sku.value())
                .query((row, number) -> offer(row))
                .optional();
    }

    @Override
    public List<Offer> findAll(Collection<Sku> skus) {
        return jdbc.sql("select " + OFFER
                        + " from products p join stock s on s.sku = p.sku where p.sku = any(cast(:skus as text[]))")
                .param("skus", SqlArrays.ofSkus(skus))
                .query((row, number) -> offer(row))
                .list();
    }

    @Override
    public List<SkuStatus> statuses(Collection<Sku> skus) {
        return jdbc.sql("select sku, status from products where sku = any(cast(:skus as text[]))")
                .param("skus", SqlArrays.ofSkus(skus))
                .query((row, number) ->
                        new SkuStatus(new Sku(row.getString("sku")), ProductStatus.valueOf(row.getString("status"))))
                .list();
    }

    @Override
    public Page<Offer> search(ProductQuery query, @Nullable Position after, int limit) {
        var ordering = Ordering.of(query.order(), query.language());
        var parameters = new HashMap<String, Object>();
        var found = jdbc.sql(select(query, ordering, after, parameters, limit))
                .params(parameters)
                .query((row, number) -> new Hit(offer(row), row.getString("key")))
                .list();
        var page = Page.of(
                found,
                limit,
                hit -> new Position(hit.key(), hit.offer().product().sku().value()));
        return new Page<>(page.items().stream().map(Hit::offer).toList(), page.end());
    }

    /** Finds the products of the page first, by few columns: a search may match thousands. */
    private static String select(
            ProductQuery query,
            Ordering ordering,
            @Nullable Position after,
            Map<String, Object> parameters,
            int limit) {
        var isSearch = query.text() != null;
        var id = id(query);
        var conditions = conditions(query, ordering, after, id, parameters);
        var direction = ordering.descending() ? " desc" : "";
        if (query.text() != null) {
            parameters.put("text", query.text());
        }
        parameters.put("status", query.status().name());
        parameters.put("limit", limit + 1);
        return """
                with %1$s page as (
                    select %2$s as sku, %3$s as ordering from %4$s %5$s
                     order by %3$s%6$s, %2$s%6$s limit :limit
                )
                select %7$s, cast(page.ordering as text) as key
                  from page join products p on p.sku = page.sku join stock s on s.sku = page.sku
                 order by page.ordering%6$s, page.sku%6$s""".formatted(
                        isSearch ? MATCHES + "," : "",
                        id,
                        ordering.column(),
                        from(query),
                        conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions),
                        direction,
                        OFFER);
    }

    /** Returns the column that breaks ties: of the table whose index orders the list. */
    private static String id(ProductQuery query) {
        if (query.text() != null) {
            return "m.sku";
        }
        return query.order() == ProductOrder.POPULAR ? "sales.sku" : "p.sku";
    }

    private static String from(ProductQuery query) {
        var filters = query.category() != null || query.minPrice() != null || query.maxPrice() != null;
        var products = "products p";
        if (query.text() != null) {
            var needsProducts = filters || query.order() != ProductOrder.RELEVANCE;
            products = "matches m" + (needsProducts ? " join products p on p.sku = m.sku" : "");
        }
        var sku = query.text() != null ? "m.sku" : "p.sku";
        if (query.order() == ProductOrder.POPULAR || query.sold() != null) {
            products += " join product_sales sales on sales.sku = " + sku;
        }
        return query.available() == null ? products : products + " join stock s on s.sku = " + sku;
    }

    private static List<String> conditions(
            ProductQuery query,
            Ordering ordering,
            @Nullable Position after,
            String id,
            Map<String, Object> parameters) {
        var conditions = new ArrayList<String>();
        if (query.text() == null) {
            conditions.add("p.status = :status");
        }
        if (query.category() != null) {
            conditions.add("p.category = :category");
            parameters.put("category", query.category());
        }
        if (query.minPrice() != null) {
            conditions.add("p.price >= :minPrice");
            parameters.put("minPrice", query.minPrice());
        }
        if (query.maxPrice() != null) {
            conditions.add("p.price <= :maxPrice");
            parameters.put("maxPrice", query.maxPrice());
        }
        if (query.available() != null) {
            conditions.add(query.available() ? "s.available > 0" : "s.available = 0");
        }
        if (query.sold() != null) {
            conditions.add(query.sold() ? "sales.sold > 0" : "sales.sold <= 0");
        }
        if (after != null) {
            conditions.add("(%s, %s) %s (cast(:key as %s), :id)"
                    .formatted(ordering.column(), id, ordering.descending() ? "<" : ">", ordering.type()));
            parameters.put("key", after.key());
            parameters.put("id", after.id());
        }
        return conditions;
    }

    @Override
    public Optional<Long> lock(Sku sku) {
        return jdbc.sql("select version from products where sku = :sku for update")
                .param("sku", sku.value())
                .query((row, number) -> row.getLong("version"))
                .optional();
    }

    @Override
    public boolean add(Product product) {
        return jdbc.sql("""
                        with added as (
                            insert into products (sku, name_en, name_pt, description_en, description_pt, category, price,
                                                  exact_vat_rate, unit, picture, status)
                            values (:sku, :nameEn, :namePt, :descriptionEn, :descriptionPt, :category, :price,
                                    :vatRate, :unit, :picture, :status)
                            on conflict (sku) do nothing returning sku
                        )
                        insert into stock (sku) select sku from added""").params(parameters(product)).update() == 1;
    }

    @Override
    public void replace(Product product) {
        jdbc.sql("""
                        update products
                           set name_en = :nameEn, name_pt = :namePt, description_en = :descriptionEn,
                               description_pt = :descriptionPt, category = :category, price = :price,
                               exact_vat_rate = :vatRate, unit = :unit, picture = :picture, status = :status,
                               version = version + 1, updated_at = now()
                         where sku = :sku""").params(parameters(product)).update();
    }

    private static Map<String, Object> parameters(Product product) {
        var parameters = new HashMap<String, Object>();
        parameters.put("sku", product.sku().value());
        parameters.put("nameEn", product.name().en());
        parameters.put("namePt", product.name().pt());
        parameters.put("descriptionEn", product.description().en());
        parameters.put("descriptionPt", product.description().pt());
        parameters.put("category", product.category());
        parameters.put("price", product.price().amount());
        parameters.put("vatRate", product.vatRate());
        parameters.put("unit", product.unit().name());
        parameters.put("picture", product.picture());
        parameters.put("status", product.status().name());
        return parameters;
    }

    private static Offer offer(ResultSet row) throws SQLException {
        var product = new Product(
                new Sku(row.getString("sku")),
                new Text(row.getString("name_en"), row.getString("name_pt")),
                new Text(row.getString("description_en"), row.getString("description_pt")),
                row.getString("category"),
                new Price(row.getBigDecimal("price")),
                row.getBigDecimal("vat_rate"),
                Unit.valueOf(row.getString("unit")),
                row.getString("picture"),
                ProductStatus.valueOf(row.getString("status")));
        return new Offer(
                product,
                row.getLong("available"),
                row.getLong("version"),
                row.getLong("stock_version"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
