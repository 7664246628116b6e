package dev.feira.payment;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the provider's API as the shop does. */
final class Shop {

    static final String API_KEY = "the-key-of-the-tests-0123456789";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final JsonMapper json = new JsonMapper();
    private final String base;

    Shop(int port) {
        base = "http://localhost:" + port;
    }

    record Reply(int status, String contentType, String replayed, JsonNode body) {

        String text(String pointer) {
            return body.at(pointer).asString(null);
        }
    }

    String token(String cardNumber) {
        var reply = post("/tokens", null, null, """
                {"cardNumber": "%s", "expiry": "12/40", "cvc": "123"}""".formatted(cardNumber));
        return reply.text("/token");
    }

    Reply charge(String key, String reference, String amount, String token) {
        return post("/charges", API_KEY, key, """
                {"reference": "%s", "amount": {"amount": "%s", "currency": "EUR"}, "token": "%s"}""".formatted(reference, amount, token));
    }

    Reply charge(String reference, String amount, String token) {
        return charge(UUID.randomUUID().toString(), reference, amount, token);
    }

    Reply refund(String key, String chargeId, String amount) {
        return post("/refunds", API_KEY, key, """
                {"chargeId": "%s", "amount": {"amount": "%s", "currency": "EUR"}}""".formatted(chargeId, amount));
    }

    Reply get(String path) {
        return send(request(path, API_KEY, null).GET().build());
    }

    Reply get(String path, String apiKey) {
        return send(request(path, apiKey, null).GET().build());
    }

    Reply post(String path, String apiKey, String idempotencyKey, String body) {
        return send(request(path, apiKey, idempotencyKey)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path, String apiKey, String idempotencyKey) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
        if (apiKey != null) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return request;
    }

    private Reply send(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofString());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.headers().firstValue("Idempotency-Replayed").orElse(""),
                    response.body().isEmpty() ? json.missingNode() : json.readTree(response.body()));
        } catch (IOException e) {
            throw new NoAnswer(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Thrown when the connection ends without a response. */
    static final class NoAnswer extends RuntimeException {

        NoAnswer(IOException cause) {
            super(cause);
        }
    }
}
