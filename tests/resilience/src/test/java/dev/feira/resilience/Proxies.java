package dev.feira.resilience;

import static org.awaitility.Awaitility.await;

import dev.feira.acceptance.Http;
import dev.feira.local.Component;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Service;
import dev.feira.local.StartObserver;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** A Toxiproxy in every {@link Connection} of the embedded platform. Its server is {@code -Dfeira.toxiproxy}. */
final class Proxies implements StartObserver, AutoCloseable {

    private final Map<Connection, Proxy> proxies = new EnumMap<>(Connection.class);

    private final HostsFile hosts = new HostsFile();

    private final Process server;

    private final URI metrics;

    private Proxies(Process server, int port) {
        this.server = server;
        this.metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
    }

    /** Starts the server and a proxy for each connection; the upstreams are set when the platform starts. */
    static Proxies started() {
        try {
            var port = freePort();
            var server = new ProcessBuilder(
                            System.getProperty("feira.toxiproxy"),
                            "-host",
                            "127.0.0.1",
                            "-port",
                            String.valueOf(port),
                            "-proxy-metrics")
                    .redirectErrorStream(true)
                    .redirectOutput(new File("target/toxiproxy.log"))
                    .start();
            var all = new Proxies(server, port);
            var client = new ToxiproxyClient("127.0.0.1", port);
            await("Toxiproxy's server")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> client.version() != null);
            for (var connection : Connection.values()) {
                all.proxies.put(
                        connection, client.createProxy(connection.name(), "127.0.0.1:" + freePort(), "127.0.0.1:1"));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.destroyForcibly();
    }

    /** Returns the options with every connection through its proxy. */
    PlatformOptions configure(PlatformOptions options) {
        var changed = options.withObserver(this);
        for (var service : Service.values()) {
            changed = changed.withJvmArguments(service, hosts.jvmArgument());
        }
        for (var connection : Connection.values()) {
            for (var variable : connection.variables().entrySet()) {
                changed = changed.withEnvironment(
                        connection.from(),
                        variable.getKey(),
                        variable.getValue().formatted(address(connection)));
            }
        }
        return changed;
    }

    /** Sets the upstreams: the ports are known before the components start. */
    @Override
    public void begins(List<? extends Component> components) {
        for (var connection : Connection.values()) {
            var to = connection.to();
            var name = to == null ? "postgres" : to.module();
            var component = components.stream()
                    .filter(it -> it.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            try {
                proxies.get(connection).setUpstream("127.0.0.1:" + component.port());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Proxy of(Connection connection) {
        return proxies.get(connection);
    }

    /** Closes all connections. */
    void closeConnections() throws IOException {
        for (var proxy : proxies.values()) {
            proxy.disable();
            proxy.enable();
        }
    }

    /** Returns the connections without any response; Toxiproxy counts closed connections only, see {@link #closeConnections}. */
    Set<Connection> withoutResponses() {
        var metricsText = Http.send(HttpRequest.newBuilder(metrics).build()).text();
        var unused = EnumSet.allOf(Connection.class);
        unused.removeIf(connection -> Pattern.compile(
                        "(?m)^toxiproxy_proxy_sent_bytes_total\\{direction=\"downstream\",.*proxy=\"%s\".* [1-9]"
                                .formatted(connection.name()))
                .matcher(metricsText)
                .find());
        return unused;
    }

    /** Returns the host names of all connections. */
    HostsFile hosts() {
        return hosts;
    }

    /** Returns host name and port of the proxy. */
    private String address(Connection connection) {
        var listen = proxies.get(connection).getListen();
        return HostsFile.nameOf(connection) + listen.substring(listen.lastIndexOf(':'));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
