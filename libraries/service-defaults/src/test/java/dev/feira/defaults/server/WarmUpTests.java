package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.feira.defaults.FeiraProperties;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.mock.env.MockEnvironment;

class WarmUpTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final MockEnvironment environment = new MockEnvironment();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().toString();
            requests.add(path);
            if (path.equals("/silent")) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.sendResponseHeaders(path.equals("/broken") ? 500 : path.equals("/rejected") ? 401 : 200, -1);
            exchange.close();
        });
        server.start();
        environment.setProperty(
                "local.server.port", String.valueOf(server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private void warmUp(int times, Duration limit, String... paths) {
        new WarmUp(new FeiraProperties.WarmUp(List.of(paths), times, limit), environment)
                .run(new DefaultApplicationArguments());
    }

    @Test
    void requestsEachPathTheConfiguredNumberOfTimes() {
        warmUp(3, LONG, "/a?limit=5", "/rejected");

        assertThat(requests)
                .containsExactly("/a?limit=5", "/a?limit=5", "/a?limit=5", "/rejected", "/rejected", "/rejected");
    }

    @Test
    void skipsAPathAfterAServerError() {
        warmUp(3, LONG, "/broken", "/a");

        assertThat(requests).containsExactly("/broken", "/a", "/a", "/a");
    }

    @Test
    void stopsAtItsTimeLimit() {
        warmUp(3, Duration.ofMillis(50), "/silent", "/a");

        await("the request arrives").until(() -> !requests.isEmpty());
        assertThat(requests).containsExactly("/silent");
    }

    @Test
    void sendsNoRequestWhenDisabled() {
        environment.setProperty("local.server.port", "none");

        warmUp(0, LONG, "/a");

        assertThat(requests).isEmpty();
    }
}
