package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Stops a service while a client keeps its connection. */
class ConnectionDrainingTests {

    @Test
    void servesAndClosesKeptConnectionsWhileDraining() throws Exception {
        var service = start("10s");
        var port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

        try (var client = new KeptConnection(port)) {
            assertThat(client.get("/notes/1"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContainIgnoringCase("connection: close");

            var stopping = Thread.ofVirtual().start(service::close);
            var deadline = Instant.now().plus(Duration.ofSeconds(8));
            String response;
            do {
                assertThat(Instant.now()).as("within the drain time").isBefore(deadline);
                response = client.get("/notes/1");
                assertThat(response).startsWith("HTTP/1.1 200");
            } while (!response.toLowerCase().contains("connection: close"));

            assertThat(client.isAtItsEnd()).isTrue();
            stopping.join();
        }
    }

    private static ConfigurableApplicationContext start(String drain) {
        return SampleService.on(
                PostgresConfiguration.freshDatabase(),
                "--feira.shutdown.drain=" + drain,
                // otherwise Tomcat closes the connection after 100 requests
                "--server.tomcat.max-keep-alive-requests=-1");
    }
}
