package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

class SecondAddressTests {

    private static ConfigurableApplicationContext start(int port, String second) {
        return SampleService.on(
                PostgresConfiguration.freshDatabase(),
                "--feira.database.migration-wait=60s",
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--feira.second-address=" + second);
    }

    private static int get(String host, int port) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/notes/1"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void listensOnBothLoopbackAddresses() throws Exception {
        try (var _ = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            // this machine has IPv6
        } catch (IOException e) {
            assumeTrue(false, "This machine has no IPv6");
        }
        var port = freePort();
        try (var _ = start(port, "::1")) {
            assertThat(get("127.0.0.1", port)).isEqualTo(200);
            assertThat(get("[::1]", port)).isEqualTo(200);
        }
    }

    @Test
    void startsWithoutAddressThatTheMachineLacks() throws Exception {
        var port = freePort();
        try (var _ = start(port, "2001:db8::1")) {
            assertThat(get("127.0.0.1", port)).isEqualTo(200);
        }
    }
}
