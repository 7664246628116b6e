package dev.feira.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A service on loopback that a test makes respond, fail, stall, close or trickle. */
public final class Backend implements AutoCloseable {

    /** What arrived. */
    public record Seen(String method, String path, Map<String, List<String>> headers, String body) {

        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> String.join(", ", entry.getValue()))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** What to do with a request whose body has been read. */
    @FunctionalInterface
    public interface Behaviour {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Behaviour behaviour = responding(200, "{}");

    public Backend() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body));
            try {
                behaviour.handle(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    public Backend that(Behaviour behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    public List<Seen> seen() {
        return seen;
    }

    public Seen last() {
        return seen.getLast();
    }

    /** Responds with JSON by default; {@code headers} are names and values in turn. */
    public static Behaviour responding(int status, String body, String... headers) {
        return exchange -> {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            for (var i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    /** Accepts the request and never responds. */
    public Behaviour stalling() {
        return exchange -> closing.await(60, TimeUnit.SECONDS);
    }

    /** Responds after {@code millis}. */
    public Behaviour respondingAfter(long millis) {
        return exchange -> {
            closing.await(millis, TimeUnit.MILLISECONDS);
            responding(200, "{\"late\":true}").handle(exchange);
        };
    }

    /** Takes the request and closes the connection. */
    public static Behaviour closing() {
        return HttpExchange::close;
    }

    /** Begins to respond at once, then sends a byte each 50 ms. */
    public Behaviour trickling() {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 100_000);
            for (var i = 0; i < 100_000; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                if (closing.await(50, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        };
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
