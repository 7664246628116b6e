package dev.feira.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A service that is told to stop while a client keeps its connection. */
class DrainingTests {

    @Test
    void aKeptConnectionIsServedAndToldToGo() throws Exception {
        var service = start("10s");
        var port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

        try (var client = new KeptConnection(port)) {
            assertThat(client.get("/notes/1"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContainIgnoringCase("connection: close");

            var stopping = Thread.ofVirtual().start(service::close);
            var deadline = Instant.now().plus(Duration.ofSeconds(8));
            String answer;
            do {
                assertThat(Instant.now()).as("within the time to drain").isBefore(deadline);
                answer = client.get("/notes/1");
                assertThat(answer).startsWith("HTTP/1.1 200");
            } while (!answer.toLowerCase().contains("connection: close"));

            assertThat(client.isAtItsEnd()).isTrue();
            stopping.join();
        }
    }

    private static ConfigurableApplicationContext start(String drain) {
        var database = PostgresConfiguration.freshDatabase();
        return new SpringApplicationBuilder(SampleService.class)
                .run(
                        "--spring.datasource.url=" + database.getJdbcUrl(),
                        "--spring.datasource.username=" + database.getUsername(),
                        "--spring.datasource.password=" + database.getPassword(),
                        "--feira.shutdown.drain=" + drain);
    }

    /** One HTTP/1.1 connection, as a browser or a pool keeps it. */
    private static final class KeptConnection implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader answers;

        KeptConnection(int port) throws IOException {
            socket = new Socket("localhost", port);
            socket.setSoTimeout(5_000);
            answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        /** The answer's head; its body of one character is read and left out. */
        String get(String path) throws IOException {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var head = new StringBuilder();
            for (var line = answers.readLine(); line != null && !line.isEmpty(); line = answers.readLine()) {
                head.append(line).append('\n');
            }
            var length = head.toString().toLowerCase().split("content-length: ");
            if (length.length == 2) {
                answers.skip(Long.parseLong(length[1].lines().findFirst().orElseThrow()));
            }
            return head.toString();
        }

        boolean isAtItsEnd() throws IOException {
            return answers.read() == -1;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
