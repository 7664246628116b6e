package dev.feira.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;

/** Sends HTTP requests to the platform under test. */
public final class Http {

    /** Longer than every deadline of the gateway. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Duration RETRY_LIMIT = Duration.ofMinutes(2);

    private static final HttpClient CLIENT = newClient()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Http() {}

    /** Returns a builder of a client for HTTP/1.1. */
    public static HttpClient.Builder newClient() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    }

    public static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(TestPlatform.uri(path)).timeout(TIMEOUT);
    }

    public static HttpRequest.Builder json(String path, String method, String body) {
        return request(path).header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
    }

    public static Response get(String path) {
        return sendWithRetry(request(path).build());
    }

    public static Response post(String path, String body) {
        return sendWithRetry(json(path, "POST", body).build());
    }

    /** Sends once. */
    public static Response send(HttpRequest request) {
        return send(CLIENT, request);
    }

    /** Sends once, on a new connection: in a cluster, any replica of the gateway receives it. */
    public static Response sendOnNewConnection(HttpRequest request) {
        try (var client = newClient().build()) {
            return send(client, request);
        }
    }

    private static Response send(HttpClient client, HttpRequest request) {
        try {
            return exchange(client, request);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + " received no response", e);
        }
    }

    /** Sends once with this client; throws where no response arrives. */
    public static Response exchange(HttpClient client, HttpRequest request) throws IOException {
        try {
            return Response.of(client.send(request, BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends once with the shared client; throws where no response arrives. */
    static Response exchange(HttpRequest request) throws IOException {
        return exchange(CLIENT, request);
    }

    /**
     * Sends, and repeats a rejected request (429 or 503 with Retry-After) after the requested pause, for two minutes at most.
     * Repeats idempotent requests, GET or with an Idempotency-Key, also where the outcome is unknown (504).
     */
    public static Response sendWithRetry(HttpRequest request) {
        var idempotent = request.method().equals("GET")
                || request.headers().firstValue("Idempotency-Key").isPresent();
        var deadline = System.nanoTime() + RETRY_LIMIT.toNanos();
        var repeated = false;
        while (true) {
            var response = send(request);
            var retryAfter = response.header("Retry-After");
            var repeatable = switch (response.status()) {
                case 429, 503 -> retryAfter.isPresent();
                case 504 -> idempotent;
                // the previous request is still being processed
                case 409 -> repeated && retryAfter.isPresent();
                default -> false;
            };
            if (!repeatable || System.nanoTime() > deadline) {
                return response;
            }
            repeated = true;
            pause(Duration.ofSeconds(Math.max(1, Long.parseLong(retryAfter.orElse("1")))));
        }
    }

    /** Sleeps; returns early where the thread is interrupted. */
    public static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
