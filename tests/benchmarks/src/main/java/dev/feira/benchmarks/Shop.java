package dev.feira.benchmarks;

import dev.feira.local.client.FeiraClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * A running platform, as a customer finds it.
 *
 * @param gateway where it answers
 * @param password of the demo accounts
 */
record Shop(URI gateway, String password) {

    static final String CUSTOMER = "ana@feira.example";

    private static final String STAFF = "sofia@feira.example";
    private static final int DELIVERY = 500_000;
    private static final int PRODUCTS = 100;

    Credentials customer() {
        return Credentials.withToken(gateway, CUSTOMER, password);
    }

    Credentials customerWithSession() throws IOException, InterruptedException {
        return Credentials.withSession(gateway, CUSTOMER, password);
    }

    /**
     * Has {@value #DELIVERY} units of each of {@value #PRODUCTS} products delivered, through the public API: the seed's
     * market stalls would be empty after a thousand orders.
     *
     * @return what was delivered
     */
    List<String> restock(Progress progress) throws IOException, InterruptedException {
        var staff = Credentials.withToken(gateway, STAFF, password);
        var skus = FeiraClient.at(gateway).products("", PRODUCTS).items().stream()
                .map(product -> product.sku())
                .toList();
        try (var _ = progress.begin("Deliveries for %d products".formatted(skus.size()));
                var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (var sku : skus) {
                var request = HttpRequest.newBuilder(
                                LoadGenerator.loopback(gateway.resolve("/api/products/" + sku + "/stock-movements")))
                        .timeout(Duration.ofSeconds(15))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"kind\":\"RECEIVED\",\"quantity\":%d,\"reason\":\"Benchmark\"}"
                                        .formatted(DELIVERY)));
                staff.headers().forEach(request::header);
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    throw new MeasurementFailed("The delivery of %s was answered %d: %s"
                            .formatted(sku, answer.statusCode(), answer.body()));
                }
            }
        }
        return skus;
    }
}
