package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.OrderClient;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import org.junit.jupiter.api.Test;

class StartTests {

    @Test
    void startsWithoutAnyDependencyAndReturns503() {
        try (var environment = new TestEnvironment()) {
            var shop = environment.startAlone();

            assertUnavailable(shop.place("ana", "A-1", 1, "tok_good"), "identity-unavailable");
            assertUnavailable(
                    shop.post("/quotes", "", "{\"lines\":[{\"sku\":\"A-1\",\"quantity\":1}]}"), "catalog-unavailable");

            var management = new OrderClient() {
                @Override
                public String url() {
                    return shop.managementUrl();
                }
            };
            assertThat(management.get("/actuator/health/liveness", "").status()).isEqualTo(200);
            assertThat(management.get("/actuator/health/readiness", "").status())
                    .isEqualTo(503);
        }
    }

    @Test
    void returns503WithoutDatabase() {
        try (var environment = new TestEnvironment()) {
            var shop = environment.startWithoutDatabase();
            environment.catalog.sells("A-1", "1.00", 10);

            assertUnavailable(shop.place("ana", "A-1", 1, "tok_good"), "database-unavailable");
            assertUnavailable(shop.get("/orders", TestIdentity.token("ana", "customer")), "database-unavailable");
        }
    }

    private static void assertUnavailable(OrderClient.Response response, String kind) {
        assertThat(response.status()).as(response.body()).isEqualTo(503);
        assertThat(response.problem()).isEqualTo(kind);
        assertThat(response.header("Retry-After")).isNotBlank();
    }
}
