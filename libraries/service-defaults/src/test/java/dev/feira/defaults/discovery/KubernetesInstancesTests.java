package dev.feira.defaults.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

/** Uses an API server on loopback that returns a list and then sends watch events. */
class KubernetesInstancesTests {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch watching = new CountDownLatch(1);
    private HttpServer server;
    private KubernetesClient client;
    private KubernetesInstances instances;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::respond);
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withWatchReconnectInterval(100)
                        .withRequestTimeout(2_000)
                        .withConnectionTimeout(500)
                        .withRequestRetryBackoffLimit(0) // as Spring Cloud Kubernetes sets it
                        .build())
                .build();
        instances = new KubernetesInstances(client, "feira", "http");
    }

    @AfterEach
    void stop() {
        instances.destroy();
        client.close();
        server.stop(0);
    }

    private void respond(HttpExchange exchange) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        requests.add(exchange.getRequestURI().getPath() + "?" + query);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (!query.contains("watch=true")) {
            var list = """
                    {"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[%s]}""".formatted(slice(
                            "1", endpoint("orders-a", "10.0.0.1", "true"), endpoint("orders-b", "10.0.0.2", "false")))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
            return;
        }
        if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            exchange.sendResponseHeaders(503, -1); // no web sockets: the client falls back to plain HTTP
            exchange.close();
            return;
        }
        watching.countDown();
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        try {
            while (true) {
                var event = events.poll(30, TimeUnit.SECONDS);
                if (event == null || event.equals("END")) {
                    break;
                }
                exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static String slice(String version, String... endpoints) {
        return slice("IPv4", version, endpoints);
    }

    private static String slice(String family, String version, String[] endpoints) {
        return """
                {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","addressType":"%1$s",\
                "metadata":{"name":"order-service-%1$s","namespace":"feira","uid":"%1$s","resourceVersion":"%2$s",\
                "labels":{"kubernetes.io/service-name":"order-service"}},\
                "ports":[{"name":"management","port":9082,"protocol":"TCP"},{"name":"http","port":8082,"protocol":"TCP"}],\
                "endpoints":[%3$s]}""".formatted(family, version, String.join(",", endpoints));
    }

    private static String endpoint(String pod, String address, String ready) {
        return """
                {"addresses":["%s"],"conditions":{"ready":%s,"serving":true,"terminating":false},\
                "targetRef":{"kind":"Pod","name":"%s","namespace":"feira"}}""".formatted(address, ready, pod);
    }

    private static String modified(String slice) {
        return "{\"type\":\"MODIFIED\",\"object\":" + slice + "}";
    }

    private static String added(String family, String version, String... endpoints) {
        return "{\"type\":\"ADDED\",\"object\":" + slice(family, version, endpoints) + "}";
    }

    private List<String> addresses() {
        return instances.getInstances("order-service").stream()
                .map(instance -> instance.getInstanceId() + "=" + instance.getHost() + ":" + instance.getPort())
                .toList();
    }

    @Test
    void returnsReadyPodsWithTheNamedPort() {
        server.start();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(addresses()).containsExactly("orders-a=10.0.0.1:8082"));
        assertThat(instances.getServices()).containsExactly("order-service");
        assertThat(instances.health().getStatus()).isEqualTo(Status.UP);
        assertThat(requests)
                .allSatisfy(path ->
                        assertThat(path).startsWith("/apis/discovery.k8s.io/v1/namespaces/feira/endpointslices?"));
    }

    @Test
    void addsAndRemovesPodsWithinASecond() throws InterruptedException {
        server.start();
        assertThat(watching.await(20, TimeUnit.SECONDS)).isTrue();

        events.add(modified(
                slice("2", endpoint("orders-a", "10.0.0.1", "true"), endpoint("orders-b", "10.0.0.2", "true"))));
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertThat(addresses()).containsExactly("orders-a=10.0.0.1:8082", "orders-b=10.0.0.2:8082"));

        events.add(modified(
                slice("3", endpoint("orders-a", "10.0.0.1", "false"), endpoint("orders-b", "10.0.0.2", "true"))));
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(addresses()).containsExactly("orders-b=10.0.0.2:8082"));
    }

    @Test
    void returnsAPodOfADualStackServiceOnce() throws InterruptedException {
        server.start();
        assertThat(watching.await(20, TimeUnit.SECONDS)).isTrue();

        events.add(
                added("IPv6", "2", endpoint("orders-a", "fd00::1", "true"), endpoint("orders-c", "fd00::3", "true")));
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() ->
                        assertThat(addresses()).containsExactly("orders-a=10.0.0.1:8082", "orders-c=fd00::3:8082"));
    }

    @Test
    void returnsTheLastKnownPodsWhenTheApiServerIsUnavailable() {
        server.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> addresses().size() == 1);
        server.stop(0);

        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(addresses()).containsExactly("orders-a=10.0.0.1:8082"));
        assertThat(instances.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void retriesInTheBackgroundUntilTheApiServerIsAvailable() {
        assertThat(addresses()).isEmpty();
        assertThat(instances.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        server.start();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(addresses()).containsExactly("orders-a=10.0.0.1:8082"));
    }
}
