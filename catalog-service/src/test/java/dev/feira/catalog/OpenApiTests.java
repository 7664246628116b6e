package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@CatalogTest
class OpenApiTests {

    @Autowired
    TestCatalog catalog;

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
                        "/categories",
                        "/prices",
                        "/audit",
                        "/reservations",
                        "/reservations/{orderId}",
                        "/reservations/{orderId}/confirmation",
                        "/reservations/{orderId}/return");
        assertThat(document.<Object>at("$.paths['/products/{sku}'].put.security[0].bearer"))
                .isNotNull();
    }
}
