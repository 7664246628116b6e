package dev.feira.benchmarks;

import dev.feira.local.client.FeiraClient;
import dev.feira.local.client.Product;
import dev.feira.local.client.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A running platform and its demo accounts.
 *
 * @param gateway its public URL
 * @param password of the demo accounts
 */
record Shop(URI gateway, String password) {

    private static final String CUSTOMER = "ana@feira.example";
    private static final String STAFF = "sofia@feira.example";
    private static final int DELIVERY = 500_000;
    private static final int PRODUCTS = 100;

    /** Signs a customer in; the access token is valid for some minutes. */
    Tokens customer() {
        return FeiraClient.at(gateway).signIn().withPassword(CUSTOMER, password);
    }

    /**
     * Delivers {@value #DELIVERY} units of each of {@value #PRODUCTS} products through the public API, because the
     * seed's stock ends after about a thousand orders.
     *
     * @return their SKUs
     */
    List<String> restock(Progress progress) throws IOException, InterruptedException {
        var staff = FeiraClient.at(gateway).signIn().withPassword(STAFF, password);
        var skus = FeiraClient.at(gateway).products("", PRODUCTS).items().stream()
                .map(Product::sku)
                .toList();
        var body = "{\"kind\":\"RECEIVED\",\"quantity\":%d,\"reason\":\"Benchmark\"}".formatted(DELIVERY);
        try (var _ = progress.begin("Deliveries for %d products".formatted(skus.size()));
                var http = LoadGenerator.client()) {
            for (var sku : skus) {
                var target = LoadGenerator.loopback(gateway.resolve("/api/products/" + sku + "/stock-movements"));
                var request = HttpRequest.newBuilder(target)
                        .timeout(Duration.ofSeconds(15))
                        .header("Authorization", "Bearer " + staff.access())
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                var response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 201) {
                    throw new MeasurementFailed("The delivery of %s returned %d: %s"
                            .formatted(sku, response.statusCode(), response.body()));
                }
            }
        }
        return skus;
    }
}
