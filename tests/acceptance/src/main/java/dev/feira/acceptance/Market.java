package dev.feira.acceptance;

import java.util.UUID;

/** Things to buy, and orders for them. */
public final class Market {

    public static final String ADDRESS = """
            {"name": "Rita Anyone", "street": "Rua das Flores 7", "postalCode": "1200-192", "city": "Lisboa", "country": "PT"}""";

    private Market() {}

    /** A product of its own for one test, which nobody else buys. */
    public static String productWithStock(int stock) {
        var sku = "TEST-" + Feira.unique();
        publish(sku, "2.50", "ACTIVE");
        if (stock > 0) {
            receive(sku, stock);
        }
        return sku;
    }

    public static void publish(String sku, String price, String status) {
        var reply = Person.staff().put("/api/products/" + sku, product(sku, price, status));
        if (reply.status() != 200) {
            reply.expect(201);
        }
    }

    /** The body of a product. */
    public static String product(String name, String price, String status) {
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

    public static void receive(String sku, int quantity) {
        var delivery = Http.json("/api/products/" + sku + "/stock-movements", "POST", """
                        {"kind": "RECEIVED", "quantity": %d, "reason": "for a test"}""".formatted(quantity))
                .header("Idempotency-Key", UUID.randomUUID().toString());
        var reply = Http.patiently(Person.staff().as(delivery).build());
        if (reply.status() != 200) {
            reply.expect(201);
        }
    }

    public static int available(String sku) {
        return Http.get("/api/products/" + sku)
                .expect(200)
                .json()
                .at("/available")
                .asInt();
    }

    public static String line(String sku, Object quantity) {
        return """
                {"sku": "%s", "quantity": %s}""".formatted(sku, quantity);
    }

    public static String order(String sku, int quantity, String token) {
        return orderOf(line(sku, quantity), token);
    }

    public static String orderOf(String lines, String token) {
        return """
                {"lines": [%s], "deliveryAddress": %s, "payment": {"token": "%s"}}""".formatted(lines, ADDRESS, token);
    }

    public static String quoteOf(String lines) {
        return """
                {"lines": [%s]}""".formatted(lines);
    }

    public static String newKey() {
        return UUID.randomUUID().toString();
    }
}
