package dev.feira.acceptance;

/** Creates products and changes their stock, as the staff. */
public final class Products {

    private Products() {}

    /** Creates a product that no other test uses, and returns its SKU. */
    public static String createWithStock(int stock) {
        var sku = "TEST-" + TestPlatform.unique();
        save(sku, "2.50", "ACTIVE");
        if (stock > 0) {
            addStock(sku, stock);
        }
        return sku;
    }

    static void save(String sku, String price, String status) {
        expectSuccess(TestUser.staff().put("/api/products/" + sku, requestBody(sku, price, status)));
    }

    static String requestBody(String name, String price, String status) {
        var example = Http.get("/api/products?limit=1").expect(200).json().at("/items/0");
        var picture = example.at("/picture").asString();
        return """
                        {"name": {"en": "Test basket %1$s", "pt": "Cesto de teste %1$s"},
                         "description": {"en": "Only for tests.", "pt": "Apenas para testes."},
                         "category": "%2$s", "price": {"amount": "%3$s", "currency": "EUR"}, "vatRate": "0.06",
                         "unit": "piece", "picture": "%4$s", "status": "%5$s"}""".formatted(
                        name,
                        example.at("/category").asString(),
                        price,
                        picture.substring(picture.lastIndexOf('/') + 1),
                        status);
    }

    static void addStock(String sku, int quantity) {
        expectSuccess(TestUser.staff()
                .send(Http.json("/api/products/" + sku + "/stock-movements", "POST", """
                                {"kind": "RECEIVED", "quantity": %d, "reason": "for a test"}""".formatted(quantity))
                        .header("Idempotency-Key", Orders.newIdempotencyKey())));
    }

    private static void expectSuccess(Response response) {
        if (response.status() != 200) {
            response.expect(201);
        }
    }

    public static int available(String sku) {
        return Http.get("/api/products/" + sku)
                .expect(200)
                .json()
                .at("/available")
                .asInt();
    }
}
