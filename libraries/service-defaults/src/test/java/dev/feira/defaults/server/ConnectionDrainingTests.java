package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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

    /**
     * Tomcat reads a request line, is paused and skips the headers. It then misses the {@code Host} header, and
     * would reject a valid request as a bad one.
     */
    @Test
    void returns503ToRequestThatArrivesAtThePause() throws Exception {
        try (var service = SampleService.on(
                        PostgresConfiguration.freshDatabase(),
                        "--spring.main.sources=" + PausingServer.class.getName());
                var client = new KeptConnection(
                        service.getEnvironment().getRequiredProperty("local.server.port", Integer.class))) {
            PausingProtocol.pauseAfterTheRequestLine = true;

            assertThat(client.get("/notes/1"))
                    .startsWith("HTTP/1.1 503")
                    .contains("application/problem+json")
                    .containsIgnoringCase("connection: close");
            assertThat(client.isAtItsEnd()).isTrue();
        } finally {
            PausingProtocol.pauseAfterTheRequestLine = false;
        }
    }

    /** Pauses between a request line and its headers. */
    public static final class PausingProtocol extends Http11NioProtocol {

        private static volatile boolean pauseAfterTheRequestLine;

        private final AtomicInteger checks = new AtomicInteger();

        @Override
        public boolean isPaused() {
            return pauseAfterTheRequestLine ? checks.getAndIncrement() > 0 : super.isPaused();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PausingServer {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> pausingProtocol() {
            return factory -> factory.setProtocol(PausingProtocol.class.getName());
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
