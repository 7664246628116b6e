package dev.feira.defaults.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.defaults.SampleService;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

class SecondAddressTests {

    private static ConfigurableApplicationContext start(int port, String second) {
        return SampleService.on(
                PostgresConfiguration.freshDatabase(),
                "--feira.database.migration-wait=60s",
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--server.compression.enabled=true",
                "--server.compression.min-response-size=1B",
                "--server.max-http-request-header-size=4KB",
                "--server.tomcat.max-connections=100000",
                "--feira.second-address=" + second);
    }

    private static int get(String host, int port) throws Exception {
        return get(host, port, "/notes/1", "Accept", "*/*").statusCode();
    }

    private static HttpResponse<?> get(String host, int port, String path, String... headers) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                            .headers(headers)
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void listensOnBothLoopbackAddresses() throws Exception {
        assumeIpv6();
        var port = freePort();
        try (var _ = start(port, "::1")) {
            assertThat(get("127.0.0.1", port)).isEqualTo(200);
            assertThat(get("[::1]", port)).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]"})
    void hasTheSameSettingsOnBothAddresses(String host) throws Exception {
        assumeIpv6();
        var port = freePort();
        try (var _ = start(port, "::1")) {
            assertThat(get(host, port, "/notes/1", "Accept-Encoding", "gzip")
                            .headers()
                            .firstValue("Content-Encoding"))
                    .contains("gzip");
            assertThat(get(host, port, "/notes/1", "X-Long", "x".repeat(6_000)).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void limitsConnectionsOfBothAddresses() throws Exception {
        assumeIpv6();
        try (var service = start(freePort(), "::1")) {
            var connectors = ((TomcatWebServer) ((WebServerApplicationContext) service).getWebServer())
                    .getTomcat()
                    .getService()
                    .findConnectors();
            assertThat(connectors)
                    .hasSize(2)
                    .extracting(connector -> ((AbstractProtocol<?>) connector.getProtocolHandler()).getMaxConnections())
                    .containsOnly(Math.min(
                            8192, service.getBean(ConnectionLimit.class).connections()));
        }
    }

    private static void assumeIpv6() throws IOException {
        try (var _ = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            // this machine has IPv6
        } catch (BindException _) {
            assumeTrue(false, "This machine has no IPv6");
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
