package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.PromiseResults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Connects from every pod to every pod, DNS, the API server and a node. Only the declared connections may be open. Needs
 * {@code -Dfeira.namespace}, and a cluster that enforces network policies.
 */
@AcceptanceTest
class NetworkTests {

    /** The ports of each service: API and management. */
    static final Map<String, List<Integer>> PORTS = Map.of(
            "gateway-service", List.of(8080, 9080),
            "catalog-service", List.of(8081, 9081),
            "order-service", List.of(8082, 9082),
            "user-service", List.of(8083, 9083),
            "notification-service", List.of(8085, 9085),
            "payment-simulator", List.of(8084, 9084),
            "postgres", List.of(5432));

    /** A pod in another namespace, without policies of its own. */
    private static final String OUTSIDE_POD = "feira-outside";

    private static final Map<String, List<String>> OPEN = Map.of(
            "gateway-service",
            List.of(
                    "catalog-service:8081",
                    "order-service:8082",
                    "user-service:8083",
                    "notification-service:8085",
                    "payment-simulator:8084",
                    "postgres:5432",
                    "DNS",
                    "API server",
                    OUTSIDE_POD + ":8443"),
            "catalog-service",
            List.of("order-service:8082", "user-service:8083", "postgres:5432", "DNS"),
            "order-service",
            List.of(
                    "catalog-service:8081",
                    "user-service:8083",
                    "payment-simulator:8084",
                    "postgres:5432",
                    "DNS",
                    "API server",
                    OUTSIDE_POD + ":8443"),
            "user-service",
            List.of("postgres:5432", "DNS"),
            "notification-service",
            List.of("catalog-service:8081", "order-service:8082", "user-service:8083", "postgres:5432", "DNS"),
            "payment-simulator",
            List.of("gateway-service:8080", "postgres:5432", "DNS"),
            "postgres",
            List.of("DNS"),
            OUTSIDE_POD,
            List.of("gateway-service:8080", "DNS", "API server", "node"));

    /**
     * The ports of the outside pod: one of API servers, which {@code overlays/local} opens to any address for the two services
     * that watch endpoints, and one of catalog-service.
     */
    private static final List<Integer> OUTSIDE_PORTS = List.of(8443, 8081);

    private static final String LISTENING = """
            use IO::Socket::INET;
            my $server = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 16, ReuseAddr => 1) or die;
            while (my $client = $server->accept) { close $client }
            """;

    private static final Pattern NOT_REACHED = Pattern.compile(
            "Connect(ion)? timed out|Connection refused|No route to host|Network is unreachable|Permission denied",
            Pattern.CASE_INSENSITIVE);

    /** The outcome of a request to a server of any protocol: an HTTP status, a closed connection, or a read timeout. */
    private static final Pattern REACHED = Pattern.compile(
            "^$|^\\d{3}\\b|Read timed out|Connection reset|Unexpected end of file|Invalid Http response|Unexpected status line",
            Pattern.CASE_INSENSITIVE);

    private Cluster cluster;

    @BeforeEach
    void requireCluster() {
        cluster = Cluster.required();
        PORTS.keySet().stream().filter(service -> !service.equals("postgres")).forEach(cluster::awaitRollout);
        var image = cluster.kubectl("get", "statefulset/postgres", "--output=jsonpath={..containers[0].image}");
        cluster.kubectl("delete", "pod", OUTSIDE_POD, "--namespace=default", "--ignore-not-found", "--now");
        cluster.kubectl(
                "run",
                OUTSIDE_POD,
                "--namespace=default",
                "--image=" + image,
                "--restart=Never",
                "--command",
                "--",
                "timeout",
                "600",
                "bash",
                "-c",
                OUTSIDE_PORTS.stream()
                        .map(port -> "perl -e '%s' %d &".formatted(LISTENING, port))
                        .collect(Collectors.joining(" ", "", " wait")));
        cluster.kubectl("wait", "pod/" + OUTSIDE_POD, "--namespace=default", "--for=condition=Ready", "--timeout=120s");
        await("the outside pod listens").until(() -> OUTSIDE_PORTS.stream().allMatch(this::outsidePodListens));
    }

    private boolean outsidePodListens(int port) {
        var connect = "exec 3<>/dev/tcp/127.0.0.1/" + port;
        return cluster.tryKubectl("exec", OUTSIDE_POD, "--namespace=default", "--", "bash", "-c", connect)
                        .exitCode()
                == 0;
    }

    @AfterEach
    void deleteOutsidePod() {
        if (cluster != null) {
            cluster.kubectl("delete", "pod", OUTSIDE_POD, "--namespace=default", "--now");
        }
    }

    @Test
    void opensOnlyDeclaredConnections() throws Exception {
        var attempts = new ArrayList<Callable<List<String>>>();
        var total = 0;
        for (var from : OPEN.keySet()) {
            var addresses = addresses(from);
            total += addresses.size();
            var pod = from.equals(OUTSIDE_POD)
                    ? OUTSIDE_POD
                    : pods(from).keySet().iterator().next();
            attempts.add(() -> addresses.entrySet().stream()
                    .filter(target -> reaches(from, pod, target.getValue()))
                    .map(target -> from + " -> " + target.getKey())
                    .toList());
        }

        var open = new TreeSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(attempts)) {
                open.addAll(result.get());
            }
        }

        assertThat(open)
                .containsExactlyInAnyOrderElementsOf(OPEN.entrySet().stream()
                        .flatMap(from -> from.getValue().stream().map(to -> from.getKey() + " -> " + to))
                        .toList());
        PromiseResults.record(10, "%d connections between pods tried, %d open, as declared", total, open.size());
    }

    /** Returns the targets of {@code from} by name: another pod of each service, the outside pod, DNS, API server, node. */
    private Map<String, String> addresses(String from) {
        var addresses = new LinkedHashMap<String, String>();
        PORTS.forEach((service, ports) -> {
            var all = List.copyOf(pods(service).values());
            if (service.equals(from) && all.size() == 1) {
                return;
            }
            ports.forEach(port -> addresses.put(service + ":" + port, all.getLast() + ":" + port));
        });
        if (!from.equals(OUTSIDE_POD)) {
            var outside = cluster.kubectl(
                    "get", "pod/" + OUTSIDE_POD, "--namespace=default", "--output=jsonpath={.status.podIP}");
            OUTSIDE_PORTS.forEach(port -> addresses.put(OUTSIDE_POD + ":" + port, outside + ":" + port));
        }
        addresses.put(
                "DNS",
                cluster.kubectl(
                                "get",
                                "pods",
                                "--namespace=kube-system",
                                "--selector=k8s-app=kube-dns",
                                "--output=jsonpath={.items[0].status.podIP}")
                        + ":53");
        addresses.put(
                "API server",
                cluster.kubectl(
                        "get",
                        "endpointslices",
                        "--namespace=default",
                        "--selector=kubernetes.io/service-name=kubernetes",
                        "--output=jsonpath={.items[0].endpoints[0].addresses[0]}:{.items[0].ports[0].port}"));
        // its kubelet, as an example of an external address
        addresses.put(
                "node",
                cluster.kubectl(
                                "get",
                                "nodes",
                                "--output=jsonpath={.items[0].status.addresses[?(@.type==\"InternalIP\")].address}")
                        + ":10250");
        return addresses;
    }

    /** Returns the addresses of a service's pods by pod name. */
    private Map<String, String> pods(String service) {
        var pods = new LinkedHashMap<String, String>();
        cluster.kubectl(
                        "get",
                        "pods",
                        "--selector=app.kubernetes.io/name=" + service,
                        "--field-selector=status.phase=Running",
                        "--output=jsonpath={range .items[*]}{.metadata.name} {.status.podIP}{\"\\n\"}{end}")
                .lines()
                .map(line -> line.split(" "))
                .forEach(pod -> pods.put(pod[0], pod[1]));
        assertThat(pods).as("pods of %s", service).isNotEmpty();
        return pods;
    }

    /** Connects from inside the pod, in the services with the health check of their image, which has no shell. */
    private boolean reaches(String from, String pod, String address) {
        if (PORTS.containsKey(from) && !from.equals("postgres")) {
            var outcome = cluster.request(pod, "http://" + address);
            if (NOT_REACHED.matcher(outcome).find()) {
                return false;
            }
            assertThat(outcome).as("%s to %s", pod, address).containsPattern(REACHED);
            return true;
        }
        var host = address.substring(0, address.lastIndexOf(':'));
        var port = address.substring(address.lastIndexOf(':') + 1);
        return cluster.tryKubectl(
                                "exec",
                                pod,
                                "--namespace=" + (from.equals(OUTSIDE_POD) ? "default" : cluster.namespace()),
                                "--",
                                "timeout",
                                "3",
                                "bash",
                                "-c",
                                "exec 3<>/dev/tcp/%s/%s".formatted(host, port))
                        .exitCode()
                == 0;
    }
}
