package dev.feira.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** HTTP as a well-behaved client speaks it. */
public final class Http {

    /** Longer than every answer that the platform allows itself. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Http() {}

    public static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(Feira.uri(path)).timeout(TIMEOUT);
    }

    public static HttpRequest.Builder json(String path, String method, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    public static Reply get(String path) {
        return patiently(request(path).GET().build());
    }

    public static Reply post(String path, String body) {
        return patiently(json(path, "POST", body).build());
    }

    /** Sends once; the answer is what it is. */
    public static Reply send(HttpRequest request) {
        try {
            return sendOrFail(request);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + " was not answered", e);
        }
    }

    public static Reply sendOrFail(HttpRequest request) throws IOException {
        try {
            var response = CLIENT.send(request, BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends once, on a connection that nothing else uses: in a cluster, to any replica of the gateway. */
    public static Reply onNewConnection(HttpRequest request) {
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var response = client.send(request, BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sends, and where the platform asks for patience (429 or 503 with Retry-After), waits as told and sends again, for
     * two minutes at most. What may be repeated, reads and requests with an Idempotency-Key, is also sent again where the
     * outcome is unknown (504).
     */
    public static Reply patiently(HttpRequest request) {
        var deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        var again = false;
        while (true) {
            var reply = send(request);
            var mayComeAgain = switch (reply.status()) {
                case 429, 503 -> reply.header("Retry-After").isPresent();
                case 504 ->
                    request.method().equals("GET")
                            || request.headers().firstValue("Idempotency-Key").isPresent();
                // the request before was not answered, and is being worked on
                case 409 -> again && reply.header("Retry-After").isPresent();
                default -> false;
            };
            if (!mayComeAgain || System.nanoTime() > deadline) {
                return reply;
            }
            again = true;
            pause(Duration.ofSeconds(
                    Math.max(1, Long.parseLong(reply.header("Retry-After").orElse("1")))));
        }
    }

    /** The pause that a server asked for. */
    public static void pause(Duration duration) {
        try {
            new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
