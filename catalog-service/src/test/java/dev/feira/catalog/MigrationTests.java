package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** Migrates a database that the first version has filled. */
class MigrationTests {

    private static final String CATEGORY =
            "insert into categories values ('fruit', 'Fruit', 'Fruta', 'test-apple.png', 0)";

    /** As the first version writes them. */
    private static final String PRODUCT = """
            insert into products (sku, name_en, name_pt, description_en, description_pt, category, price, vat_rate, unit,
                                  picture, status)
            values (:sku, :en, :pt, 'Good.', 'Bom.', 'fruit', 2.10, 0.06, 'KG', 'test-apple.png', 'ACTIVE')""";

    @Test
    void findsProductsOfTheFirstVersion() {
        var database = PostgresConfiguration.freshDatabase();
        var source = new SimpleDriverDataSource(
                new org.postgresql.Driver(), database.getJdbcUrl(), database.getUsername(), database.getPassword());
        Flyway.configure().dataSource(source).target("1").load().migrate();
        var jdbc = JdbcClient.create(source);
        jdbc.sql(CATEGORY).update();
        for (var product :
                List.of(List.of("LEMON", "Unwaxed lemons", "Limões sem cera"), List.of("FIG", "Figs", "Figos"))) {
            jdbc.sql(PRODUCT)
                    .param("sku", product.get(0))
                    .param("en", product.get(1))
                    .param("pt", product.get(2))
                    .update();
            jdbc.sql("insert into stock (sku) values (:sku)")
                    .param("sku", product.get(0))
                    .update();
        }

        try (var replica = Replica.on(database, "feira.catalog.seed=classpath:none.json")) {
            assertThat(replica.catalog().get("/products?q=lim%C3%A3o").<List<String>>at("$.items[*].sku"))
                    .containsExactly("LEMON");
            assertThat(replica.catalog().get("/products?q=lemmons").<List<String>>at("$.items[*].sku"))
                    .containsExactly("LEMON");
            assertThat(replica.catalog().get("/products/FIG").<String>at("$.vatRate"))
                    .isEqualTo("0.06");
            jdbc.sql(PRODUCT) // a replica of the first version is still there
                    .param("sku", "QUINCE")
                    .param("en", "Quinces")
                    .param("pt", "Marmelos")
                    .update();
            jdbc.sql("insert into stock (sku) values ('QUINCE')").update();
            assertThat(replica.catalog().get("/products?q=marmelo").<List<String>>at("$.items[*].sku"))
                    .containsExactly("QUINCE");
        }
    }

    @Test
    void keepsStockOfPreviousVersionWithoutReorderLevel() {
        var database = PostgresConfiguration.freshDatabase();
        var source = new SimpleDriverDataSource(
                new org.postgresql.Driver(), database.getJdbcUrl(), database.getUsername(), database.getPassword());
        Flyway.configure().dataSource(source).target("8").load().migrate();
        var jdbc = JdbcClient.create(source);
        jdbc.sql(CATEGORY).update();
        jdbc.sql(PRODUCT)
                .param("sku", "FIG")
                .param("en", "Figs")
                .param("pt", "Figos")
                .update();
        jdbc.sql("insert into stock (sku, received, available) values ('FIG', 5, 5)")
                .update();

        try (var replica = Replica.on(database, "feira.catalog.seed=classpath:none.json")) {
            var catalog = replica.catalog();
            assertThat(catalog.reserve(UUID.randomUUID(), "FIG", 1).status()).isEqualTo(201);
            assertThat(catalog.lowStockEvents("FIG")).isEmpty();
            catalog.setReorderLevel("FIG", 4);
            assertThat(catalog.lowStockEvents("FIG")).containsExactly(4L);
        }
    }
}
