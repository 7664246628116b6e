package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAPI documents, OpenID discovery, security headers and ETags. */
@AcceptanceTest
class OpenApiTests {

    @ParameterizedTest
    @CsvSource({"catalog, /api/products", "orders, /api/orders", "users, /api/users"})
    void describesThePublicOperationsOfEveryService(String service, String address) {
        var document = Http.get("/openapi/" + service + ".json").expect(200);

        assertThat(document.at("/openapi")).startsWith("3.1");
        var server =
                URI.create(document.json().at("/servers/0/url").asString("/")).getPath();
        var addresses = document.json().at("/paths").propertyNames().stream()
                .map(path -> (server + path).replaceAll("/+", "/"));
        assertThat(addresses).as("public URLs").contains(address);
        assertThat(document.text()).doesNotContain("actuator");
    }

    @ParameterizedTest
    @CsvSource({
        "catalog, /api/products/{sku}, put, 200 201",
        "catalog, /api/products/{sku}/stock-movements, post, 201",
        "catalog, /api/products/{sku}/reorder-level, put, 200",
        "orders, /api/orders, post, 201",
        "orders, /api/quotes, post, 200",
        "users, /api/users, post, 201",
        "users, /api/users/me/addresses, post, 201",
        "users, /api/users/me/addresses/{id}, delete, 204"
    })
    void documentsTheStatusesOfEachOperation(String service, String path, String method, String statuses) {
        var operation = Http.get("/openapi/" + service + ".json")
                .expect(200)
                .json()
                .path("paths")
                .path(path)
                .path(method);

        assertThat(operation.path("responses").propertyNames().stream().filter(status -> !status.equals("default")))
                .as("%s %s", method, path)
                .containsExactlyInAnyOrder(statuses.split(" "));
    }

    @ParameterizedTest
    @CsvSource({"catalog", "orders", "users", "notifications"})
    void anchorsEveryPattern(String service) {
        var document = Http.get("/openapi/" + service + ".json").expect(200).json();

        assertThat(document.findValuesAsString("pattern"))
                .isNotEmpty()
                .allSatisfy(pattern -> assertThat(pattern).startsWith("^").endsWith("$"));
    }

    @Test
    void publishesOpenIdDiscoveryAndKeys() {
        var document = Http.get("/id/.well-known/openid-configuration").expect(200);

        assertThat(document.at("/issuer")).endsWith("/id");
        assertThat(document.at("/token_endpoint")).startsWith(document.at("/issuer"));
        assertThat(document.json().at("/code_challenge_methods_supported").toString())
                .contains("S256");
        var keys = Http.get("/id/oauth2/jwks").expect(200);
        assertThat(keys.json().at("/keys/0/crv").asString()).isEqualTo("P-256");
        assertThat(keys.text()).doesNotContain("\"d\"");
    }

    @Test
    void servesTheFrontPageWithSecurityHeaders() {
        var page = Http.get("/").expect(200);

        assertThat(page.text()).contains("<feira-shell>");
        assertThat(page.header("Content-Security-Policy")).isPresent();
        assertThat(page.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.header("Referrer-Policy")).isPresent();
        assertThat(page.header("Server")).isEmpty();
    }

    @Test
    void returns304ForAnUnchangedProduct() {
        var sku = Http.get("/api/products?limit=1").items("/sku").getFirst();
        var first = Http.get("/api/products/" + sku).expect(200);

        var second = Http.sendWithRetry(Http.request("/api/products/" + sku)
                .header("If-None-Match", first.header("ETag").orElseThrow())
                .build());

        second.expect(304);
        assertThat(second.bytes()).isEmpty();
    }
}
