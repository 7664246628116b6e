package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.FeiraProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@CatalogTest
class OpenApiTests {

    @Autowired
    TestCatalog catalog;

    @Autowired
    FeiraProperties settings;

    @Test
    void describesEveryOperation() {
        var document = catalog.get("/openapi.json");

        assertThat(document.status()).isEqualTo(200);
        assertThat(document.<String>at("$.openapi")).startsWith("3.1");
        assertThat(document.<String>at("$.servers[0].url")).isEqualTo("/api");
        assertThat(document.<Map<String, Object>>at("$.paths"))
                .containsOnlyKeys(
                        "/products",
                        "/products/{sku}",
                        "/products/{sku}/stock-movements",
                        "/products/{sku}/reorder-level",
                        "/feeds/stock",
                        "/categories",
                        "/prices",
                        "/audit",
                        "/parked-events",
                        "/parked-events/audit",
                        "/parked-events/{id}",
                        "/parked-events/{id}/retry",
                        "/reservations",
                        "/reservations/{orderId}",
                        "/reservations/{orderId}/confirmation",
                        "/reservations/{orderId}/return");
        assertThat(document.<Object>at("$.paths['/products/{sku}'].put.security[0].bearer"))
                .isNotNull();
    }

    @Test
    void describesPublicOperationsByTheirPublicPaths() {
        for (var request = 1; request <= 2; request++) { // the second one is served from springdoc's cache
            var document = catalog.get("/openapi.json/public");

            assertThat(document.status()).isEqualTo(200);
            assertThat(document.<String>at("$.servers[0].url"))
                    .isEqualTo(settings.publicUrl().toString());
            assertThat(document.<Map<String, Object>>at("$.paths"))
                    .containsOnlyKeys(
                            "/api/products",
                            "/api/products/{sku}",
                            "/api/products/{sku}/stock-movements",
                            "/api/products/{sku}/reorder-level",
                            "/api/categories");
            assertThat(document.<Map<String, Object>>at("$.components.schemas"))
                    .containsKeys("ProductResponse", "Problem")
                    .allSatisfy((schema, _) -> assertThat(schema).doesNotContain("Reservation", "Audit", "Prices"));
            assertThat(document.<Object>at("$.paths['/api/products/{sku}'].put.responses.default"))
                    .isNotNull();
        }
    }
}
