package dev.feira.defaults.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionCheckTests {

    @Test
    void readsTheAddressesOfTheEnvironment() {
        var environment = Map.of(
                "FEIRA_POSTGRES", "postgres:5432",
                "KUBERNETES_SERVICE_HOST", "10.96.0.1",
                "KUBERNETES_SERVICE_PORT", "443",
                "FEIRA_PAYMENTS_URL", "https://payments.example/v1",
                "FEIRA_PUBLIC_URL", "https://feira.example");

        assertThat(ConnectionCheck.addresses(environment, true))
                .containsOnly(
                        Map.entry("API server", URI.create("tcp://10.96.0.1:443")),
                        Map.entry("database", URI.create("tcp://postgres:5432")),
                        Map.entry("payments", URI.create("tcp://payments.example:443")));
        assertThat(ConnectionCheck.addresses(environment, false)).doesNotContainKey("API server");
    }

    @Test
    void readsIpv6Addresses() {
        var environment = Map.of("FEIRA_POSTGRES", "[fd00::5]:5433", "KUBERNETES_SERVICE_HOST", "fd00::1");

        assertThat(ConnectionCheck.addresses(environment, true))
                .containsOnly(
                        Map.entry("API server", URI.create("tcp://[fd00::1]:443")),
                        Map.entry("database", URI.create("tcp://[fd00::5]:5433")));
    }

    @Test
    void reportsAClosedPortAndAnUnknownName() throws IOException, InterruptedException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ConnectionCheck.failure(URI.create("tcp://127.0.0.1:" + server.getLocalPort())))
                    .isNull();
        }
        assertThat(ConnectionCheck.failure(URI.create("tcp://127.0.0.1:1"))).startsWith("Connection refused");
        assertThat(ConnectionCheck.failure(URI.create("tcp://database.invalid:5432")))
                .startsWith("DNS ");
    }
}
