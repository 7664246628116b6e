package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tests starts with missing or invalid configuration. */
class StartTests {

    @Test
    void startsWithoutDatabaseAndReturns503() {
        try (var replica = Replica.on(
                "jdbc:postgresql://localhost:1/catalog?connectTimeout=1",
                "catalog",
                "secret",
                "feira.database.migration-wait=100ms",
                "spring.datasource.hikari.connection-timeout=500")) {
            for (var path : new String[] {"/products", "/products/APPLE", "/categories"}) {
                var reply = replica.catalog().get(path);
                assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
                assertThat(reply.problem()).isEqualTo("database-unavailable");
                assertThat(reply.header("Retry-After")).isNotBlank();
            }
            var management = replica.context().getEnvironment().getRequiredProperty("local.management.port");
            var health = new TestCatalog("http://localhost:" + management + "/actuator/health", null);
            assertThat(health.get("/liveness").status()).isEqualTo(200);
            assertThat(health.get("/readiness").status()).isEqualTo(503);
        }
    }

    @Test
    void failsTheStartForASettingOutOfRange() {
        assertThatThrownBy(() -> Replica.on(
                        "jdbc:postgresql://localhost:1/catalog",
                        "catalog",
                        "secret",
                        "feira.catalog.reservations.hold=0s"))
                .hasStackTraceContaining("feira.catalog.reservations.hold");
    }
}
