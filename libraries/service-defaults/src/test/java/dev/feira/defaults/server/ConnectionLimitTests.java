package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.util.ArrayDeque;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.unit.DataSize;

class ConnectionLimitTests {

    @ParameterizedTest
    @CsvSource({"64MB, 128", "112MB, 256", "160MB, 512", "256MB, 1024"})
    void derivesTheLimitFromTheHeap(DataSize heap, int connections) {
        assertThat(new ConnectionLimit(heap).connections()).isEqualTo(connections);
    }

    @Test
    void lowersAConfiguredLimitThatExceedsTheHeap() {
        try (var service = start(Integer.MAX_VALUE)) {
            assertThat(maxConnections(service))
                    .isEqualTo(ConnectionLimit.ofThisHeap().connections());
        }
    }

    @Test
    void closesKeptConnectionsNearTheLimit() throws IOException {
        var most = 8;
        var kept = new ArrayDeque<KeptConnection>();
        try (var service = start(most)) {
            assertThat(maxConnections(service)).isEqualTo(most);
            var port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            String response;
            do {
                kept.add(new KeptConnection(port));
                response = kept.getLast().get("/notes/1");
                assertThat(response).startsWith("HTTP/1.1 200");
            } while (!response.toLowerCase().contains("connection: close") && kept.size() < most);

            assertThat(kept).as("connections before the first close").hasSizeBetween(most / 2, most - 1);
            assertThat(kept.getLast().isAtItsEnd()).isTrue();
            for (var i = 0; i < most; i++) { // each new connection is accepted, although no client closes its own
                kept.add(new KeptConnection(port));
                assertThat(kept.getLast().get("/notes/1")).startsWith("HTTP/1.1 200");
            }
        } finally {
            for (var connection : kept) {
                connection.close();
            }
        }
    }

    private static ConfigurableApplicationContext start(int configured) {
        return SampleService.on(
                PostgresConfiguration.freshDatabase(),
                "--feira.database.migration-wait=60s",
                "--server.tomcat.max-connections=" + configured);
    }

    private static int maxConnections(ConfigurableApplicationContext service) {
        var server = (TomcatWebServer) ((WebServerApplicationContext) service).getWebServer();
        return ((AbstractProtocol<?>) server.getTomcat().getConnector().getProtocolHandler()).getMaxConnections();
    }
}
