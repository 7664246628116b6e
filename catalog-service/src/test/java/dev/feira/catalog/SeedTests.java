package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.test.PostgresConfiguration;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests the first start with an empty database. */
class SeedTests {

    private static final String SEED = "feira.catalog.seed=classpath:seed-of-three.json";

    @Test
    void loadsTheSeedOnceForSeveralReplicasAndRestarts() throws InterruptedException {
        var database = PostgresConfiguration.freshDatabase();
        var replicas = Concurrently.all(2, i -> () -> Replica.on(database, SEED));
        try {
            var catalog = replicas.getFirst().catalog();
            assertThat(catalog.get("/products?sort=price").<List<String>>at("$.items[*].sku"))
                    .containsExactly("PEAR-ROCHA", "APPLE-RED", "CHEESE-GOAT");
            assertThat(catalog.get("/categories").<List<String>>at("$[*].slug")).containsExactly("fruit", "cheese");
            assertThat(catalog.available("APPLE-RED")).isEqualTo(40);
            assertThat(catalog.available("PEAR-ROCHA")).isZero();
            assertThat(catalog.lowStockEvents("PEAR-ROCHA")).containsExactly(0L);
            assertThat(catalog.lowStockEvents("APPLE-RED")).isEmpty();
            var ledger = catalog.getAs(TestCatalog.STAFF, "/products/APPLE-RED/stock-movements");
            assertThat(ledger.<List<Integer>>at("$.items[*].quantity")).containsExactly(40);
            assertThat(ledger.<Integer>at("$.stock.reorderLevel")).isEqualTo(10);
            assertThat(catalog.getAs(TestCatalog.STAFF, "/audit").<Boolean>at("$.balanced"))
                    .isTrue();
            assertThat(catalog.receive("APPLE-RED", 2).status()).isEqualTo(201);
        } finally {
            replicas.forEach(Replica::close);
        }
        try (var restarted = Replica.on(database, SEED)) {
            assertThat(restarted.catalog().available("APPLE-RED")).isEqualTo(42);
        }
    }

    @Test
    void migratesAsOwnerOfTheDatabase() throws SQLException {
        var server = PostgresConfiguration.freshDatabase();
        var name = "owner_" + Long.toHexString(System.nanoTime());
        try (var admin = DriverManager.getConnection(server.getJdbcUrl(), server.getUsername(), server.getPassword());
                var statement = admin.createStatement()) {
            statement.execute("create role " + name + " login password 'secret' nosuperuser nocreatedb nocreaterole");
            statement.execute("create database " + name + " owner " + name);
        }
        var url = server.getJdbcUrl().replaceFirst("/[^/]*$", "/" + name);

        try (var replica = Replica.on(url, name, "secret", SEED)) {
            assertThat(replica.catalog().get("/products?q=aple").<List<String>>at("$.items[*].sku"))
                    .containsExactly("APPLE-RED");
        }
    }

    @Test
    void startsWithoutSeedFile() {
        try (var replica =
                Replica.on(PostgresConfiguration.freshDatabase(), "feira.catalog.seed=classpath:none.json")) {
            assertThat(replica.catalog().get("/products").<List<Object>>at("$.items"))
                    .isEmpty();
        }
    }

    @Test
    void loadsTheSeedWithAllPictures() {
        var file = new ClassPathResource("seed/products.json");
        assumeTrue(file.exists(), "the build has no seed/products.json");
        JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();

        try (var replica = Replica.on(database, "feira.catalog.seed=classpath:seed/products.json")) {
            var jdbc = replica.context().getBean(JdbcClient.class);
            var pictures = jdbc.sql("select sku, picture from products union all select slug, picture from categories")
                    .query((row, number) -> Map.entry(row.getString(1), row.getString(2)))
                    .list();

            assertThat(jdbc.sql("select count(*) from products")
                            .query(Integer.class)
                            .single())
                    .isGreaterThanOrEqualTo(80);
            assertThat(jdbc.sql("select count(*) from outbox")
                            .query(Integer.class)
                            .single())
                    .as("products that are low from the start")
                    .isZero();
            assertThat(pictures)
                    .allSatisfy(picture -> assertThat(new ClassPathResource("pictures/" + picture.getValue()).exists())
                            .as(picture.toString())
                            .isTrue());
            assertThat(replica.catalog().getAs(TestCatalog.STAFF, "/audit").<Boolean>at("$.balanced"))
                    .isTrue();
        }
    }
}
