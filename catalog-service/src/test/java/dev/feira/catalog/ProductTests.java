package dev.feira.catalog;

import static dev.feira.catalog.TestCatalog.STAFF;
import static dev.feira.catalog.TestCatalog.productBody;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@CatalogTest
class ProductTests {

    @Autowired
    TestCatalog catalog;

    @Autowired
    JdbcClient jdbc;

    @BeforeEach
    void addProducts() {
        catalog.clear();
        catalog.category("fruit", "Fruit", "Fruta");
        catalog.category("cheese", "Cheese", "Queijo");
        catalog.goods("APPLE-RED", 7);
    }

    @Test
    void returnsProductWithPriceAndAvailableStock() {
        var reply = catalog.get("/products/APPLE-RED");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.<String>at("$.sku")).isEqualTo("APPLE-RED");
        assertThat(reply.<String>at("$.name.pt")).isEqualTo("Nome de APPLE-RED");
        assertThat(reply.<String>at("$.price.amount")).isEqualTo("2.10");
        assertThat(reply.<String>at("$.price.currency")).isEqualTo("EUR");
        assertThat(reply.<String>at("$.vatRate")).isEqualTo("0.06");
        assertThat(reply.<String>at("$.unit")).isEqualTo("kg");
        assertThat(reply.<String>at("$.status")).isEqualTo("ACTIVE");
        assertThat(reply.<String>at("$.picture")).isEqualTo("/api/pictures/test-apple.png");
        assertThat(reply.<Integer>at("$.available")).isEqualTo(7);
        assertThat(reply.<String>at("$.updatedAt")).endsWith("Z");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PEAR", "apple-red", "A--B", "-A", "APPLE-RED%20", "%F0%9F%8D%8E", "9223372036854775808"})
    void returns404ForAnUnknownProduct(String sku) {
        var reply = catalog.get("/products/" + sku);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.problem()).isEqualTo("product-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "A%2FB", "..%2Fprices", "A;b=c"})
    void rejectsPathTraversal(String sku) {
        assertThat(catalog.get("/products/" + sku).status()).isIn(400, 404);
    }

    @Test
    void returns304ForAnUnchangedProduct() {
        var tag = catalog.get("/products/APPLE-RED").header("ETag");

        assertThat(catalog.get("/products/APPLE-RED", "If-None-Match", tag).status())
                .isEqualTo(304);
        catalog.receive("APPLE-RED", 1);
        assertThat(catalog.get("/products/APPLE-RED", "If-None-Match", tag).status())
                .isEqualTo(200);
    }

    @Test
    void returns304ForAnUnchangedList() {
        var tag = catalog.get("/products?category=fruit").header("ETag");

        assertThat(tag).as("a tag with which the gateway compresses the list").startsWith("W/\"");
        var strong = tag.substring("W/".length());
        for (var sent : List.of(tag, strong, strong.replaceFirst("\"$", "-gzip\""))) {
            assertThat(catalog.get("/products?category=fruit", "If-None-Match", sent)
                            .status())
                    .as(sent)
                    .isEqualTo(304);
        }
        assertThat(catalog.get("/categories").header("ETag")).startsWith("W/\"");
        catalog.receive("APPLE-RED", 1);
        assertThat(catalog.get("/products?category=fruit", "If-None-Match", tag).status())
                .isEqualTo(200);
    }

    @Test
    void addsProductWithoutStock() {
        var reply = catalog.put(
                STAFF, "/products/PEAR-ROCHA", productBody("fruit", "Rocha pear", "Pêra rocha", "1.95", "ACTIVE"));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).isEqualTo("/api/products/PEAR-ROCHA");
        assertThat(reply.<Integer>at("$.available")).isZero();
        assertThat(catalog.get("/products/PEAR-ROCHA").header("ETag")).isEqualTo(reply.header("ETag"));
    }

    @Test
    void replacesProductAndKeepsItsStock() {
        var reply = catalog.put(
                STAFF,
                "/products/APPLE-RED",
                productBody("cheese", "Apple cheese", "Queijo de maçã", "9.00", "ARCHIVED"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.<Integer>at("$.available")).isEqualTo(7);
        var shown = catalog.get("/products/APPLE-RED");
        assertThat(shown.<String>at("$.status")).isEqualTo("ARCHIVED");
        assertThat(shown.<String>at("$.category")).isEqualTo("cheese");
        assertThat(shown.<String>at("$.price.amount")).isEqualTo("9.00");
    }

    @Test
    void acceptsPictureByUrl() {
        var body = productBody("fruit", "Pear", "Pêra", "1.95", "ACTIVE")
                .replace("test-apple.png", "/api/pictures/test-apple.png");

        assertThat(catalog.put(STAFF, "/products/PEAR", body).status()).isEqualTo(201);
        assertThat(catalog.get("/products/PEAR").<String>at("$.picture")).isEqualTo("/api/pictures/test-apple.png");
    }

    @Test
    void rejectsChangeOfAnotherVersion() {
        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");
        var seen = catalog.get("/products/APPLE-RED").header("ETag");

        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body, "If-Match", seen)
                        .status())
                .isEqualTo(200);
        var rejected = catalog.put(STAFF, "/products/APPLE-RED", body, "If-Match", seen);
        assertThat(rejected.status()).isEqualTo(412);
        assertThat(rejected.problem()).isEqualTo("product-changed");
    }

    /** nginx makes a tag weak, and Apache httpd appends a suffix, when they compress the response. */
    @ParameterizedTest
    @CsvSource({"W/, ''", "'', -gzip", "W/, -gzip", "'', -br"})
    void comparesVersionThatAProxyChanged(String prefix, String suffix) {
        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");
        var seen = catalog.get("/products/APPLE-RED").header("ETag");
        var sent = prefix + seen.substring(0, seen.length() - 1) + suffix + '"';

        assertThat(catalog.get("/products/APPLE-RED", "If-None-Match", sent).status())
                .isEqualTo(304);
        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body, "If-Match", sent)
                        .status())
                .isEqualTo(200);
        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body, "If-Match", sent)
                        .problem())
                .isEqualTo("product-changed");
    }

    @ParameterizedTest
    @CsvSource({
        "0.055, 0.055",
        "0.0625, 0.0625",
        "0.06, 0.06",
        "0.1, 0.10",
        "0.0550, 0.055",
        "0, 0.00",
        "0.9999, 0.9999"
    })
    void storesVatRateExactly(String sent, String stored) {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE").replace("0.06", sent);

        for (var sku : List.of("APPLE-RED", "PEAR")) { // replaced, added
            assertThat(catalog.put(STAFF, "/products/" + sku, body).<String>at("$.vatRate"))
                    .isEqualTo(stored);
            assertThat(catalog.get("/products/" + sku).<String>at("$.vatRate")).isEqualTo(stored);
            assertThat(catalog.post("", "/prices", "{\"skus\": [\"" + sku + "\"]}")
                            .<String>at("$.prices[0].vatRate"))
                    .isEqualTo(stored);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.05555", "5.5", "1", "1.0", "-0.05", "0,055", "5.5%", "0.", ".055", "0.0_1", "٠.٠٥"})
    void namesTheFormOfAVatRate(String rate) {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE").replace("0.06", rate);

        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body).<String>at("$.errors[0].message"))
                .isEqualTo("must be at least 0 and less than 1, with up to 4 digits after the point, such as 0.055");
    }

    /** The version before reads and writes the rounded rate during a rollout. */
    @Test
    void keepsVatRateOfTheVersionBefore() {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE");
        catalog.put(STAFF, "/products/APPLE-RED", body.replace("0.06", "0.055"));
        assertThat(rounded("APPLE-RED")).isEqualTo("0.06");

        jdbc.sql("update products set vat_rate = 0.06 where sku = 'APPLE-RED'").update();

        assertThat(catalog.get("/products/APPLE-RED").<String>at("$.vatRate")).isEqualTo("0.06");
        catalog.put(STAFF, "/products/APPLE-RED", body.replace("0.06", "0.9999"));
        assertThat(rounded("APPLE-RED")).as("less than 1").isEqualTo("0.99");
        jdbc.sql("update products set price = 3 where sku = 'APPLE-RED'").update();
        assertThat(catalog.get("/products/APPLE-RED").<String>at("$.vatRate")).isEqualTo("0.9999");
        jdbc.sql("""
                        insert into products (sku, name_en, name_pt, description_en, description_pt, category, price, vat_rate,
                                              unit, picture, status)
                        values ('OLD', 'a', 'a', 'a', 'a', 'fruit', 1, 0.23, 'KG', 'test-apple.png', 'ACTIVE')""").update();
        jdbc.sql("insert into stock (sku) values ('OLD')").update();
        assertThat(catalog.get("/products/OLD").<String>at("$.vatRate")).isEqualTo("0.23");
    }

    private String rounded(String sku) {
        return jdbc.sql("select vat_rate::text from products where sku = :sku")
                .param("sku", sku)
                .query(String.class)
                .single();
    }

    @Test
    void acceptsChangeOfTheProductAfterASale() {
        var seen = catalog.get("/products/APPLE-RED").header("ETag");
        catalog.receive("APPLE-RED", 3);

        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");
        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body, "If-Match", seen)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void distinguishesAddingFromChangingByPrecondition() {
        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");

        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body, "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        assertThat(catalog.put(STAFF, "/products/PEAR", body, "If-Match", "*").status())
                .isEqualTo(412);
        assertThat(catalog.put(STAFF, "/products/APPLE-RED", body, "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(catalog.put(STAFF, "/products/PEAR", body, "If-None-Match", "*")
                        .status())
                .isEqualTo(201);
        assertThat(catalog.put(STAFF, "/products/PEAR", body, "If-Match", "\"someone else's\"")
                        .status())
                .isEqualTo(412);
    }

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            "amount": "2.10"        | "amount": "0.00"              | price.amount
            "amount": "2.10"        | "amount": "-1.00"             | price.amount
            "amount": "2.10"        | "amount": "2.1"               | price.amount
            "amount": "2.10"        | "amount": "1e3"               | price.amount
            "amount": "2.10"        | "amount": "99999999999.00"    | price.amount
            "amount": "2.10"        | "amount": 2.10                | price.amount
            "amount": "2.10"        | "amount": null                | price.amount
            "vatRate": "0.06"       | "vatRate": "6"                | vatRate
            "unit": "kg"            | "unit": "stone"               | unit
            "status": "ACTIVE"      | "status": "SOLD"              | status
            "category": "fruit"     | "category": "shoes"           | category
            "category": "fruit"     | "category": "x'; drop table"  | category
            "picture": "test-apple.png" | "picture": "../application.yaml" | picture
            "picture": "test-apple.png" | "picture": "no-such.png"  | picture
            "picture": "test-apple.png" | "picture": "https://elsewhere.example/test-apple.png" | picture
            "picture": "test-apple.png" | "picture": "//elsewhere.example/test-apple.png" | picture
            "picture": "test-apple.png" | "picture": "javascript:alert(1)" | picture
            "picture": "test-apple.png" | "picture": "data:image/svg+xml,<svg onload=alert(1)>" | picture
            "picture": "test-apple.png" | "picture": "/api/pictures/../test-apple.png" | picture
            "picture": "test-apple.png" | "picture": "test-apple.png\\u0000.html" | picture
            "en": "Apple"           | "en": " "                     | name.en
            "en": "Apple"           | "en": "\\u00a0\\u3000"        | name.en
            "en": "Apple"           | "en": "\\u200b\\u3164"        | name.en
            "pt": "Maçã"            | "pt": "\\ufeff"               | name.pt
            "en": "Apple"           | "en": "a\\u0000b"             | name.en
            "en": "Apple"           | "en": "\\ud83d"               | name.en
            """)
    void namesInvalidField(String right, String wrong, String field) {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE");
        assertThat(body).contains(right);

        var reply = catalog.put(STAFF, "/products/APPLE-RED", body.replace(right, wrong));

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.<String>at("$.errors[0].field")).isEqualTo(field);
    }

    @Test
    void removesUnicodeSpacesAroundNames() {
        var body = productBody("fruit", "\u00a0Apple\u3000", "\ufeffMaçã da\u00a0serra", "2.10", "ACTIVE");

        var reply = catalog.put(STAFF, "/products/APPLE-RED", body);

        assertThat(reply.<String>at("$.name.en")).isEqualTo("Apple");
        assertThat(reply.<String>at("$.name.pt")).isEqualTo("Maçã da\u00a0serra");
    }

    @Test
    void rejectsPriceInAnotherCurrency() {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE").replace("EUR", "USD");

        var reply = catalog.put(STAFF, "/products/APPLE-RED", body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("unsupported-currency");
    }

    @Test
    void rejectsMalformedJsonAndUnknownFields() {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE");

        assertThat(catalog.put(STAFF, "/products/PEAR", "{\"name\":").problem()).isEqualTo("malformed-json");
        assertThat(catalog.put(STAFF, "/products/PEAR", "").problem()).isEqualTo("malformed-json");
        assertThat(catalog.put(STAFF, "/products/PEAR", body, "Content-Type", "text/plain")
                        .problem())
                .isEqualTo("unsupported-media-type");
        var unexpected = catalog.put(STAFF, "/products/PEAR", body.replace("\"unit\"", "\"stock\": 5, \"unit\""));
        assertThat(unexpected.problem()).isEqualTo("unexpected-field");
        assertThat(unexpected.<String>at("$.field")).isEqualTo("stock");
        assertThat(catalog.send("PATCH", STAFF, "/products/PEAR", body).status())
                .isIn(403, 405);
        assertThat(catalog.put(STAFF, "/products/not-a-sku", body).<String>at("$.errors[0].field"))
                .isEqualTo("sku");
        assertThat(catalog.get("/products/PEAR").status()).isEqualTo(404);
    }

    @Test
    void countsActiveProductsOfEachCategory() {
        catalog.goods("APPLE-GREEN", 0);
        catalog.put(STAFF, "/products/APPLE-OLD", productBody("fruit", "Old", "Velha", "1.00", "ARCHIVED"));

        var reply = catalog.get("/categories");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.<Object>at("$[*].slug")).asString().isEqualTo("[\"fruit\",\"cheese\"]");
        assertThat(reply.<Integer>at("$[0].productCount")).isEqualTo(2);
        assertThat(reply.<Integer>at("$[1].productCount")).isZero();
        assertThat(reply.<String>at("$[0].name.pt")).isEqualTo("Fruta");
        assertThat(reply.<String>at("$[0].picture")).isEqualTo("/api/pictures/test-apple.png");
    }

    @Test
    void cachesPicturesFor30Days() {
        var picture = catalog.get("/pictures/test-apple.png");

        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture.header("Cache-Control")).contains("max-age=2592000").contains("public");
        assertThat(catalog.get("/pictures/test-apple.png", "If-None-Match", picture.header("ETag"))
                        .status())
                .isEqualTo(304);
        assertThat(catalog.get("/pictures/none.webp").problem()).isEqualTo("not-found");
        assertThat(catalog.get("/pictures/..%2Fapplication.yaml").status()).isIn(400, 401, 404);
        assertThat(catalog.get("/pictures/%2e%2e/application.yaml").status()).isIn(400, 401, 404);
    }

    @Test
    void returnsPricesAndNamesUnknownProducts() {
        catalog.goods("PEAR", 0);

        var reply =
                catalog.post("", "/prices", "{\"skus\": [\"PEAR\", \"NONE\", \"APPLE-RED\", \"no sku\", \"PEAR\"]}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.<Object>at("$.prices[*].sku")).asString().isEqualTo("[\"PEAR\",\"APPLE-RED\"]");
        assertThat(reply.<Object>at("$.unknown")).asString().isEqualTo("[\"NONE\",\"no sku\"]");
        assertThat(reply.<String>at("$.prices[1].price.amount")).isEqualTo("2.10");
        assertThat(reply.<Integer>at("$.prices[1].available")).isEqualTo(7);
        assertThat(reply.<String>at("$.prices[1].status")).isEqualTo("ACTIVE");
        assertThat(reply.<String>at("$.prices[1].vatRate")).isEqualTo("0.06");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"skus\": []}",
                "{\"skus\": null}",
                "{\"skus\": [null]}",
                "{\"skus\": [{}]}",
                "{\"skus\": \"A\"}"
            })
    void rejectsInvalidPriceRequest(String body) {
        var reply = catalog.post("", "/prices", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
    }

    @Test
    void rejectsPricesOfMoreThan100Products() {
        var skus = "\"A\",".repeat(100) + "\"B\"";

        assertThat(catalog.post("", "/prices", "{\"skus\": [" + skus + "]}").problem())
                .isEqualTo("invalid-request");
    }
}
