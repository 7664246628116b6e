package dev.feira.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Exports traces by OTLP over HTTP to a collector on loopback. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "management.tracing.sampling.probability=1.0")
@ActiveProfiles("traces")
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
class TracesTests {

    private static final LinkedBlockingQueue<String> RECEIVED = new LinkedBlockingQueue<>();
    private static final HttpServer COLLECTOR = collector();

    @LocalServerPort
    int port;

    private static HttpServer collector() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/v1/traces", exchange -> {
                RECEIVED.add(HexFormat.of().formatHex(exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void collectorEndpoint(DynamicPropertyRegistry properties) {
        properties.add(
                "FEIRA_OTLP_ENDPOINT",
                () -> "http://127.0.0.1:" + COLLECTOR.getAddress().getPort() + "/v1/traces");
    }

    @AfterAll
    static void stop() {
        COLLECTOR.stop(0);
    }

    @Test
    void continuesTheCallersTrace() throws InterruptedException {
        Http.get(port, "/notes/1", "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        String batch;
        do {
            batch = RECEIVED.poll(60, TimeUnit.SECONDS);
            assertThat(batch).as("a batch at the collector").isNotNull();
        } while (!batch.contains(hex("http get /notes/{id}")));
        assertThat(batch).contains("4bf92f3577b34da6a3ce929d0e0e4736", hex("sample-service"));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
