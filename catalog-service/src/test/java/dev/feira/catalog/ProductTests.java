package dev.feira.catalog;

import static dev.feira.catalog.TestCatalog.STAFF;
import static dev.feira.catalog.TestCatalog.productBody;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@CatalogTest
class ProductTests {

    @Autowired
    TestCatalog market;

    @BeforeEach
    void anAppleStand() {
        market.clear();
        market.category("fruit", "Fruit", "Fruta");
        market.category("cheese", "Cheese", "Queijo");
        market.goods("APPLE-RED", 7);
    }

    @Test
    void aProductIsShownWithItsPriceAndWhatIsAvailable() {
        var reply = market.get("/products/APPLE-RED");

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
    void whatIsNoProductIsNotFound(String sku) {
        var reply = market.get("/products/" + sku);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.problem()).isEqualTo("product-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "A%2FB", "..%2Fprices", "A;b=c"})
    void anAddressThatIsATrickIsRefused(String sku) {
        assertThat(market.get("/products/" + sku).status()).isIn(400, 404);
    }

    @Test
    void anUnchangedProductIsNotSentAgain() {
        var tag = market.get("/products/APPLE-RED").header("ETag");

        assertThat(market.get("/products/APPLE-RED", "If-None-Match", tag).status())
                .isEqualTo(304);
        market.receive("APPLE-RED", 1);
        assertThat(market.get("/products/APPLE-RED", "If-None-Match", tag).status())
                .isEqualTo(200);
    }

    @Test
    void anUnchangedListIsNotSentAgain() {
        var tag = market.get("/products?category=fruit").header("ETag");

        assertThat(tag).isNotBlank();
        assertThat(market.get("/products?category=fruit", "If-None-Match", tag).status())
                .isEqualTo(304);
        market.receive("APPLE-RED", 1);
        assertThat(market.get("/products?category=fruit", "If-None-Match", tag).status())
                .isEqualTo(200);
    }

    @Test
    void staffAddsAProductAndItBeginsWithNothingInStock() {
        var reply = market.put(
                STAFF, "/products/PEAR-ROCHA", productBody("fruit", "Rocha pear", "Pêra rocha", "1.95", "ACTIVE"));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).isEqualTo("/api/products/PEAR-ROCHA");
        assertThat(reply.<Integer>at("$.available")).isZero();
        assertThat(market.get("/products/PEAR-ROCHA").header("ETag")).isEqualTo(reply.header("ETag"));
    }

    @Test
    void staffReplacesAProductAndItsStockStays() {
        var reply = market.put(
                STAFF,
                "/products/APPLE-RED",
                productBody("cheese", "Apple cheese", "Queijo de maçã", "9.00", "ARCHIVED"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.<Integer>at("$.available")).isEqualTo(7);
        var shown = market.get("/products/APPLE-RED");
        assertThat(shown.<String>at("$.status")).isEqualTo("ARCHIVED");
        assertThat(shown.<String>at("$.category")).isEqualTo("cheese");
        assertThat(shown.<String>at("$.price.amount")).isEqualTo("9.00");
    }

    @Test
    void aPictureMayBeGivenByItsAddress() {
        var body = productBody("fruit", "Pear", "Pêra", "1.95", "ACTIVE")
                .replace("test-apple.png", "/api/pictures/test-apple.png");

        assertThat(market.put(STAFF, "/products/PEAR", body).status()).isEqualTo(201);
        assertThat(market.get("/products/PEAR").<String>at("$.picture")).isEqualTo("/api/pictures/test-apple.png");
    }

    @Test
    void aChangeOfWhatWasNotSeenIsRefused() {
        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");
        var seen = market.get("/products/APPLE-RED").header("ETag");

        assertThat(market.put(STAFF, "/products/APPLE-RED", body, "If-Match", seen)
                        .status())
                .isEqualTo(200);
        var refused = market.put(STAFF, "/products/APPLE-RED", body, "If-Match", seen);
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.problem()).isEqualTo("product-changed");
    }

    @Test
    void aSaleInBetweenDoesNotRefuseAChangeOfTheProduct() {
        var seen = market.get("/products/APPLE-RED").header("ETag");
        market.receive("APPLE-RED", 3);

        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");
        assertThat(market.put(STAFF, "/products/APPLE-RED", body, "If-Match", seen)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void preconditionsDistinguishAddingFromChanging() {
        var body = productBody("fruit", "Apple", "Maçã", "3.00", "ACTIVE");

        assertThat(market.put(STAFF, "/products/APPLE-RED", body, "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        assertThat(market.put(STAFF, "/products/PEAR", body, "If-Match", "*").status())
                .isEqualTo(412);
        assertThat(market.put(STAFF, "/products/APPLE-RED", body, "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(market.put(STAFF, "/products/PEAR", body, "If-None-Match", "*")
                        .status())
                .isEqualTo(201);
        assertThat(market.put(STAFF, "/products/PEAR", body, "If-Match", "W/\"1.1\"")
                        .status())
                .isEqualTo(412);
        assertThat(market.put(STAFF, "/products/PEAR", body, "If-Match", "\"someone else's\"")
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
            "en": "Apple"           | "en": "a\\u0000b"             | name.en
            "en": "Apple"           | "en": "\\ud83d"               | name.en
            """)
    void aFieldThatIsWrongIsNamed(String right, String wrong, String field) {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE");
        assertThat(body).contains(right);

        var reply = market.put(STAFF, "/products/APPLE-RED", body.replace(right, wrong));

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.<String>at("$.errors[0].field")).isEqualTo(field);
    }

    @Test
    void aPriceInAForeignCurrencyIsRefused() {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE").replace("EUR", "USD");

        var reply = market.put(STAFF, "/products/APPLE-RED", body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("unsupported-currency");
    }

    @Test
    void whatIsNoJsonAndWhatIsNotAskedForIsRefused() {
        var body = productBody("fruit", "Apple", "Maçã", "2.10", "ACTIVE");

        assertThat(market.put(STAFF, "/products/PEAR", "{\"name\":").problem()).isEqualTo("malformed-json");
        assertThat(market.put(STAFF, "/products/PEAR", "").problem()).isEqualTo("malformed-json");
        assertThat(market.put(STAFF, "/products/PEAR", body, "Content-Type", "text/plain")
                        .problem())
                .isEqualTo("unsupported-media-type");
        var unexpected = market.put(STAFF, "/products/PEAR", body.replace("\"unit\"", "\"stock\": 5, \"unit\""));
        assertThat(unexpected.problem()).isEqualTo("unexpected-field");
        assertThat(unexpected.<String>at("$.field")).isEqualTo("stock");
        assertThat(market.send("PATCH", STAFF, "/products/PEAR", body).status()).isIn(403, 405);
        assertThat(market.put(STAFF, "/products/not-a-sku", body).<String>at("$.errors[0].field"))
                .isEqualTo("sku");
        assertThat(market.get("/products/PEAR").status()).isEqualTo(404);
    }

    @Test
    void categoriesSayHowMuchIsOnSaleInThem() {
        market.goods("APPLE-GREEN", 0);
        market.put(STAFF, "/products/APPLE-OLD", productBody("fruit", "Old", "Velha", "1.00", "ARCHIVED"));

        var reply = market.get("/categories");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.<Object>at("$[*].slug")).asString().isEqualTo("[\"fruit\",\"cheese\"]");
        assertThat(reply.<Integer>at("$[0].productCount")).isEqualTo(2);
        assertThat(reply.<Integer>at("$[1].productCount")).isZero();
        assertThat(reply.<String>at("$[0].name.pt")).isEqualTo("Fruta");
        assertThat(reply.<String>at("$[0].picture")).isEqualTo("/api/pictures/test-apple.png");
    }

    @Test
    void picturesAreKeptByCachesForLong() {
        var picture = market.get("/pictures/test-apple.png");

        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture.header("Cache-Control")).contains("max-age=2592000").contains("public");
        assertThat(market.get("/pictures/test-apple.png", "If-None-Match", picture.header("ETag"))
                        .status())
                .isEqualTo(304);
        assertThat(market.get("/pictures/none.webp").problem()).isEqualTo("not-found");
        assertThat(market.get("/pictures/..%2Fapplication.yaml").status()).isIn(400, 401, 404);
        assertThat(market.get("/pictures/%2e%2e/application.yaml").status()).isIn(400, 401, 404);
    }

    @Test
    void pricesOfManyProductsComeAtOnceAndUnknownOnesAreNamed() {
        market.goods("PEAR", 0);

        var reply = market.post("", "/prices", "{\"skus\": [\"PEAR\", \"NONE\", \"APPLE-RED\", \"no sku\", \"PEAR\"]}");

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
    void pricesOfNothingAreRefused(String body) {
        var reply = market.post("", "/prices", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
    }

    @Test
    void pricesOfMoreThanAHundredProductsAreRefused() {
        var skus = "\"A\",".repeat(100) + "\"B\"";

        assertThat(market.post("", "/prices", "{\"skus\": [" + skus + "]}").problem())
                .isEqualTo("invalid-request");
    }
}
