package dev.feira.defaults.health;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the addresses in a container's environment, and prints one line for each. They are the database, the API server
 * if the pod has a token, the payment company and the collector of traces.
 *
 * <p>{@code ./feira doctor --cluster} runs it in each service's pod, where the pod's network policies apply. It has no
 * dependencies: the small image has no other tool.
 *
 * <p>Usage: {@code java -cp /app/health dev.feira.defaults.health.ConnectionCheck}; exits with 1 if an address is unreachable.
 */
public final class ConnectionCheck {
    private static final int POSTGRES = 5432;
    private static final int CONNECT_TIMEOUT = 3_000; // milliseconds
    private static final int LOOKUP_TIMEOUT = 10; // seconds; a resolver that gets no response retries for longer
    private static final String NO_DNS = "DNS does not respond; a network policy may deny it";
    private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private ConnectionCheck() {}

    /**
     * Checks every address.
     *
     * @param arguments none
     * @throws InterruptedException if the process is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        var failed = false;
        var withoutDns = false;
        for (var address : addresses(System.getenv(), Files.exists(TOKEN)).entrySet()) {
            var failure = withoutDns && isName(address.getValue()) ? NO_DNS : failure(address.getValue());
            withoutDns |= NO_DNS.equals(failure); // one wait is enough
            failed |= failure != null;
            System.out.printf(
                    "  %-9s %-10s %s:%d%s%n",
                    failure == null ? "ok" : "failed",
                    address.getKey(),
                    address.getValue().getHost(),
                    address.getValue().getPort(),
                    failure == null ? "" : ": " + failure);
        }
        System.exit(failed ? 1 : 0);
    }

    /** Returns the addresses that the environment names, each with host and port. */
    static Map<String, URI> addresses(Map<String, String> environment, boolean token) {
        Map<String, URI> addresses = new TreeMap<>();
        var database = environment.get("FEIRA_POSTGRES");
        if (database != null) {
            addresses.put("database", withPort(URI.create("tcp://" + database.split(",")[0]), POSTGRES));
        }
        var host = environment.get("KUBERNETES_SERVICE_HOST");
        if (token && host != null) {
            addresses.put(
                    "API server",
                    URI.create("tcp://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                            + environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443")));
        }
        Map.of("payments", "FEIRA_PAYMENTS_URL", "traces", "FEIRA_OTLP_ENDPOINT")
                .forEach((name, variable) -> {
                    var url = environment.get(variable);
                    if (url != null) {
                        addresses.put(name, withPort(URI.create(url), url.startsWith("https:") ? 443 : 80));
                    }
                });
        return addresses;
    }

    private static URI withPort(URI url, int usual) {
        return url.getPort() < 0 ? URI.create("tcp://" + url.getHost() + ":" + usual) : url;
    }

    private static boolean isName(URI address) {
        return !address.getHost().matches("[0-9.]+|\\[.*]");
    }

    /** Returns why no connection is possible, or null if it is. */
    static @Nullable String failure(URI address) throws InterruptedException {
        var lookup = new FutureTask<>(() -> InetAddress.getByName(address.getHost()));
        Thread.ofVirtual().start(lookup);
        try (var socket = new Socket()) {
            var ip = lookup.get(LOOKUP_TIMEOUT, TimeUnit.SECONDS);
            socket.connect(new InetSocketAddress(ip, address.getPort()), CONNECT_TIMEOUT);
            return null;
        } catch (TimeoutException e) {
            return NO_DNS;
        } catch (ExecutionException e) {
            return "DNS has no such name, or does not respond";
        } catch (SocketTimeoutException e) {
            return "no response within 3 s; a network policy or firewall may deny it";
        } catch (ConnectException e) {
            return e.getMessage() + "; nothing listens there, or a network policy rejects it";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
