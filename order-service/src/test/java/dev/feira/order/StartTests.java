package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.OrderClient;
import dev.feira.order.fixtures.Surroundings;
import dev.feira.test.TestIdentity;
import org.junit.jupiter.api.Test;

class StartTests {

    @Test
    void theServiceStartsAloneAndSaysWhatItLacks() {
        try (var around = new Surroundings()) {
            var shop = around.startAlone();

            lacks(shop.place("ana", "A-1", 1, "tok_good"), "identity-unavailable");
            lacks(shop.post("/quotes", "", "{\"lines\":[{\"sku\":\"A-1\",\"quantity\":1}]}"), "catalog-unavailable");

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
    void withOthersButWithoutItsDatabaseItSaysSo() {
        try (var around = new Surroundings()) {
            var shop = around.startWithoutDatabase();
            around.catalog.sells("A-1", "1.00", 10);

            lacks(shop.place("ana", "A-1", 1, "tok_good"), "database-unavailable");
            lacks(shop.get("/orders", TestIdentity.token("ana", "customer")), "database-unavailable");
        }
    }

    private static void lacks(OrderClient.Answer answer, String kind) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo(kind);
        assertThat(answer.header("Retry-After")).isNotBlank();
    }
}
