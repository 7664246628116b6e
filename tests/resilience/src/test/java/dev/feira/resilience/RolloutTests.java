package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Card;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.Orders;
import dev.feira.acceptance.Products;
import dev.feira.acceptance.PromiseResults;
import dev.feira.acceptance.TestPlatform;
import dev.feira.acceptance.TestUser;
import dev.feira.local.PlatformOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts, scaling and disruptions in Kubernetes under {@link Load}. Needs {@code -Dfeira.namespace}. */
@AcceptanceTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolloutTests {

    private static final List<String> SERVICES =
            List.of("gateway-service", "catalog-service", "order-service", "user-service", "notification-service");

    /** Percent of the CPU request: above the use of an idle pod, below the use under {@link Load}. */
    private static final int SCALING_UTILIZATION = 40;

    /** The response of a service to a request without a token. */
    private static final Pattern PROBLEM_RESPONSE =
            Pattern.compile("^(401|404) .*urn:feira:problem:.*$", Pattern.DOTALL);

    private static final Pattern KEY = Pattern.compile("\"kid\" *: *\"([^\"]+)\"");

    private Cluster cluster;

    @BeforeEach
    void requireCluster() {
        cluster = Cluster.required();
    }

    /** Makes {@code change} under load. No request may fail, and every acknowledged order must reach a final status. */
    private static void assertNoRequestFails(String what, Consumer<Load> change) {
        Load load;
        try (var running = Load.started()) {
            load = running;
            awaitLoad(load);
            change.accept(load);
            var before = load.successes();
            await("the load continues").atMost(Duration.ofMinutes(1)).until(() -> load.successes() > before + 50);
        }
        assertThat(load.failures()).as("of %d requests", load.successes()).isEmpty();
        assertThat(load.contradictions()).isEmpty();
        PromiseResults.record(5, "%s: 0 of %d requests failed, %d orders", what, load.successes(), load.orders());
    }

    private static String frequency(int times) {
        return times == 1 ? "once" : times + " times";
    }

    private static void awaitLoad(Load load) {
        await("the load runs").atMost(Duration.ofMinutes(1)).until(() -> load.successes() > 50);
    }

    /** Describes the failures of a disruption that is allowed to cause some. */
    private static String failures(Load load) {
        return "%d of %d requests failed before, 0 of %d orders lost"
                .formatted(
                        load.failures().size(),
                        load.successes() + load.failures().size(),
                        load.orders());
    }

    /** {@code -Dfeira.rollouts=20} for the long run: each begins while old pods still terminate. */
    @ParameterizedTest
    @ValueSource(
            strings = {"gateway-service", "catalog-service", "order-service", "user-service", "notification-service"})
    void servesEveryRequestDuringARollingRestart(String deployment) {
        var times = TestPlatform.setting("feira.rollouts", 1);
        assertNoRequestFails(deployment + " restarted " + frequency(times), load -> {
            for (var i = 1; i <= times; i++) {
                cluster.kubectl("rollout", "restart", "deployment/" + deployment);
                cluster.awaitNewPods(deployment);
                if (times > 1) {
                    PromiseResults.reportProgress(
                            5,
                            "%s restarted %d of %d times: %d requests succeeded, failed: %s",
                            deployment,
                            i,
                            times,
                            load.successes(),
                            load.failures());
                }
            }
            cluster.awaitRollout(deployment);
        });
    }

    @Test
    void servesEveryRequestWhileARolloutIsUndone() {
        var times = TestPlatform.setting("feira.undos", 1);
        assertNoRequestFails("a rollout undone " + frequency(times), _ -> {
            for (var i = 0; i < times; i++) {
                cluster.kubectl("rollout", "restart", "deployment/order-service");
                if (i % 2 == 1) { // alternately during and after the rollout
                    cluster.awaitRollout("order-service");
                }
                cluster.kubectl("rollout", "undo", "deployment/order-service");
                cluster.awaitRollout("order-service");
            }
        });
    }

    @Test
    void servesEveryRequestDuringScaling() {
        assertNoRequestFails("scale 3, 1, 3", _ -> {
            cluster.scale("catalog-service", 3);
            cluster.scale("catalog-service", 1);
            cluster.scale("catalog-service", 3);
        });
        cluster.scale("catalog-service", 2);
    }

    /** The load is small: lowers the target utilization of the autoscaler and limits it to three pods. */
    @Test
    void servesEveryRequestDuringAutoscaling() {
        assumeTrue(
                cluster.tryKubectl("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes")
                                .exitCode()
                        == 0,
                "This test needs metrics-server");
        assumeTrue(
                cluster.tryKubectl("get", "hpa/catalog-service").exitCode() != 0,
                "catalog-service has an autoscaler, which this test must not change");
        var scalers = PlatformOptions.findHome().resolve("k8s/components/autoscaling/scalers.yaml");
        cluster.kubectl("apply", "--filename=" + scalers, "--selector=app.kubernetes.io/name=catalog-service");
        try {
            cluster.kubectl("patch", "hpa/catalog-service", "--type=json", """
                    --patch=[{"op": "replace", "path": "/spec/maxReplicas", "value": 3},
                    {"op": "replace", "path": "/spec/behavior/scaleDown/stabilizationWindowSeconds", "value": 15},
                    {"op": "replace", "path": "/spec/metrics/0/resource/target/averageUtilization", "value": %d}]""".formatted(SCALING_UTILIZATION));
            await("a low utilization of two pods")
                    .atMost(Duration.ofMinutes(5))
                    .until(() ->
                            utilization().filter(it -> it < SCALING_UTILIZATION).isPresent()
                                    && cluster.readyPods("catalog-service").size() == 2);
            assertNoRequestFails("scaled by load", _ -> {
                await("a third pod")
                        .atMost(Duration.ofMinutes(5))
                        .until(() -> cluster.readyPods("catalog-service").size() == 3);
                cluster.awaitRollout("catalog-service");
            });
            await("two pods again")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> cluster.readyPods("catalog-service").size() == 2);
        } finally {
            cluster.kubectl("delete", "hpa/catalog-service");
            cluster.scale("catalog-service", 2);
            cluster.awaitRollout("catalog-service");
        }
    }

    /** Returns the last measurement of the autoscaler, in percent of the CPU request. */
    private Optional<Integer> utilization() {
        return Optional.of(cluster.kubectl(
                        "get",
                        "hpa/catalog-service",
                        "--output=jsonpath={.status.currentMetrics[0].resource.current.averageUtilization}"))
                .filter(measured -> !measured.isBlank())
                .map(Integer::valueOf);
    }

    @Test
    void servesEveryRequestWhileASettingChanges() {
        assertNoRequestFails("a changed setting", _ -> {
            try {
                cluster.kubectl("set", "env", "deployment/order-service", "LOGGING_LEVEL_DEV_FEIRA=debug");
                cluster.awaitRollout("order-service");
            } finally {
                cluster.kubectl("set", "env", "deployment/order-service", "LOGGING_LEVEL_DEV_FEIRA-");
            }
            cluster.awaitRollout("order-service");
        });
    }

    /** A new key is published ten minutes before it signs. */
    @Test
    void servesEveryRequestWhileKeysRotate() {
        assertNoRequestFails("keys rotated", _ -> {
            var customer = TestUser.registered();
            var before = signingKey(customer);
            Http.send(TestUser.admin()
                            .authorize(Http.request("/id/keys/rotation"))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build())
                    .expect(200);
            await("the new key signs")
                    .atMost(Duration.ofMinutes(15))
                    .pollInterval(Duration.ofSeconds(10))
                    .until(() -> !signingKey(customer).equals(before));
            TestUser.registered().get("/api/orders").expect(200);
        });
    }

    /** Signs in, and returns the id of the key that signed the access token. */
    private static String signingKey(TestUser user) {
        var token = user.signIn();
        var header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        var key = KEY.matcher(new String(header, StandardCharsets.UTF_8));
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    @Test
    void servesEveryRequestWhilePodsAreDeleted() {
        assertNoRequestFails("pods deleted", _ -> {
            for (var service : SERVICES) {
                cluster.kubectl("delete", "pod", cluster.readyPods(service).getFirst());
                cluster.awaitRollout(service);
            }
        });
    }

    /**
     * The preStop hook keeps a terminating pod available for proxies that still send requests to it. On one machine they stop
     * within milliseconds, so that the load would not show a missing preStop hook.
     */
    @Test
    void acceptsConnectionsInATerminatingPod() {
        for (var service : SERVICES) {
            cluster.awaitRollout(service);
            var pod = cluster.readyPods(service).getFirst();
            cluster.kubectl("delete", "pod", pod, "--wait=false");
            await("removal of the endpoint " + pod)
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !cluster.readyPods(service).contains(pod));
            var port = NetworkTests.PORTS.get(service).getFirst();
            assertThat(cluster.request(pod, "http://127.0.0.1:%d/api".formatted(port)))
                    .as("the response of %s", pod)
                    .matches(PROBLEM_RESPONSE);
            cluster.awaitRollout(service);
        }
        PromiseResults.record(
                5, "a terminating pod of each service responded on a new connection after the removal of its endpoint");
    }

    /**
     * Needs a second node; does not drain the node of the database. Drains service by service: on a small cluster, starting all
     * pods together would cause CPU contention.
     */
    @Test
    void servesEveryRequestWhileANodeIsDrained() {
        var node = spreadPodsAndPickNode();
        try {
            assertNoRequestFails("a node drained", _ -> {
                cluster.kubectl("cordon", node);
                for (var service : SERVICES) {
                    cluster.kubectl(
                            "drain",
                            node,
                            "--pod-selector=app.kubernetes.io/name=" + service,
                            "--ignore-daemonsets",
                            "--delete-emptydir-data",
                            "--timeout=5m");
                    cluster.awaitRollout(service);
                }
            });
            assertThat(nodesOfServices()).doesNotContain(node);
        } finally {
            cluster.kubectl("uncordon", node);
        }
    }

    /**
     * A node stops without notice. Kubernetes detects it after some 40 s, and sends connections to its pods until then: requests
     * fail, but no order is lost. {@code -Dfeira.lose-node}, e.g. {@code docker kill $NODE}, stops the node for good, so this is
     * the last test.
     */
    @Test
    @Order(Integer.MAX_VALUE)
    void losesNoOrderWhenANodeFails() throws Exception {
        var command = System.getProperty("feira.lose-node", "");
        assumeFalse(command.isBlank(), "This test stops a node: -Dfeira.lose-node with the command");
        var node = nodeToLose();

        Load load;
        Duration detection;
        Duration recovery;
        try (var running = Load.started()) {
            load = running;
            awaitLoad(load);
            var lost = System.nanoTime();
            run(command, Map.of("NODE", node));
            await("removal of the endpoints on " + node)
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> SERVICES.stream()
                            .allMatch(service ->
                                    cluster.nodesOfReadyPods(service).stream().noneMatch(node::equals)));
            var since = System.nanoTime();
            detection = Duration.ofNanos(since - lost);
            recovery = load.awaitRecovery(since, Duration.ofMinutes(2));
        }
        cluster.kubectl("delete", "node/" + node);
        for (var service : SERVICES) {
            cluster.awaitRollout(service);
        }
        assertThat(load.contradictions()).isEmpty();
        PromiseResults.record(
                5,
                "a node lost: detected after %d s, recovered %.1f s later, %s",
                detection.toSeconds(),
                recovery.toMillis() / 1000.0,
                failures(load));
    }

    /**
     * A process hangs. Its pod receives no requests after some 10 s, and is restarted after one to two minutes, when six liveness
     * probes have failed. {@code -Dfeira.hang-container} is the command that stops the process.
     */
    @Test
    void losesNoOrderWhenAPodHangs() throws Exception {
        var command = System.getProperty("feira.hang-container", "");
        assumeFalse(command.isBlank(), "This test stops a process: -Dfeira.hang-container with the command");
        var pod = cluster.readyPods("order-service").getFirst();
        var before = restarts(pod);
        var variables = Map.of(
                "NODE", cluster.kubectl("get", "pod/" + pod, "--output=jsonpath={.spec.nodeName}"),
                "CONTAINER",
                        cluster.kubectl(
                                        "get",
                                        "pod/" + pod,
                                        "--output=jsonpath={.status.containerStatuses[0].containerID}")
                                .replaceFirst("^.*://", ""));

        Load load;
        Duration removal;
        Duration recovery;
        Duration restart;
        try (var running = Load.started()) {
            load = running;
            awaitLoad(load);
            var hung = System.nanoTime();
            run(command, variables);
            await("removal of the endpoint " + pod)
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !cluster.readyPods("order-service").contains(pod));
            var since = System.nanoTime();
            removal = Duration.ofNanos(since - hung);
            recovery = load.awaitRecovery(since, Duration.ofMinutes(1));
            var recovered = since + recovery.toNanos();
            await("the restart of " + pod)
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> restarts(pod) > before
                            && cluster.readyPods("order-service").contains(pod));
            restart = Duration.ofNanos(System.nanoTime() - hung);
            var ready = System.nanoTime();
            load.awaitRecovery(ready, Duration.ofMinutes(1));
            assertThat(load.failures())
                    .as("failures after the recovery")
                    .noneMatch(failure -> failure.start() > recovered);
        }
        assertThat(load.contradictions()).isEmpty();
        PromiseResults.record(
                5,
                "a pod hung: endpoint removed after %d s, recovered %.1f s later, restarted after %d s, %s",
                removal.toSeconds(),
                recovery.toMillis() / 1000.0,
                restart.toSeconds(),
                failures(load));
    }

    private int restarts(String pod) {
        return Integer.parseInt(
                cluster.kubectl("get", "pod/" + pod, "--output=jsonpath={.status.containerStatuses[0].restartCount}"));
    }

    private static void run(String command, Map<String, String> variables) throws IOException, InterruptedException {
        var running = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
        running.environment().putAll(variables);
        var process = running.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
    }

    /**
     * Returns {@code -Dfeira.lost-node} where it is set. Never the node of the database, whose volume may be local: to place it on
     * another node, cordon this one before the deployment.
     */
    private String nodeToLose() {
        var only = System.getProperty("feira.lost-node", "");
        assumeFalse(nodeOfTheDatabase().equals(only), "The database runs on " + only);
        var node = spreadPodsAndPickNode();
        assumeTrue(only.isBlank() || node.equals(only), "No pods run on " + only);
        return node;
    }

    private String nodeOfTheDatabase() {
        return cluster.kubectl("get", "pod/postgres-0", "--output=jsonpath={.spec.nodeName}");
    }

    /** Restarts all pods, since the scheduler places a pod only when it starts; returns a node without the database. */
    private String spreadPodsAndPickNode() {
        var withDatabase = nodeOfTheDatabase();
        for (var service : SERVICES) {
            cluster.kubectl("rollout", "restart", "deployment/" + service);
            cluster.awaitRollout(service);
        }
        var others = nodesOfServices().stream()
                .filter(node -> !node.equals(withDatabase))
                .toList();
        assumeFalse(others.isEmpty(), "This test needs a second schedulable node");
        return others.getFirst();
    }

    private List<String> nodesOfServices() {
        return cluster.kubectl(
                        "get",
                        "pods",
                        "--selector=app.kubernetes.io/name in (" + String.join(",", SERVICES) + ")",
                        "--output=jsonpath={range .items[*]}{.spec.nodeName}{\"\\n\"}{end}")
                .lines()
                .distinct()
                .toList();
    }

    @Test
    void rejectsEvictionOfTheLastPod() throws IOException {
        var eviction = Files.createTempFile("eviction", ".json");
        try {
            assertNoRequestFails("eviction of the last pod rejected", _ -> {
                cluster.scale("user-service", 1);
                cluster.awaitRollout("user-service");
                await("the disruption budget of one pod")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> cluster.kubectl(
                                        "get", "pdb/user-service", "--output=jsonpath={.status.disruptionsAllowed}")
                                .equals("0"));
                assertEvictionIsRejected(cluster.readyPods("user-service").getFirst(), eviction);
            });
        } finally {
            Files.delete(eviction);
            cluster.scale("user-service", 2);
        }
    }

    private void assertEvictionIsRejected(String pod, Path eviction) {
        try {
            Files.writeString(eviction, """
                            {"apiVersion": "policy/v1", "kind": "Eviction",
                             "metadata": {"name": "%s", "namespace": "%s"}}""".formatted(pod, cluster.namespace()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var outcome = cluster.tryKubectl(
                "create",
                "--raw",
                "/api/v1/namespaces/%s/pods/%s/eviction".formatted(cluster.namespace(), pod),
                "--filename=" + eviction);

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("disruption budget");
        assertThat(cluster.readyPods("user-service")).containsExactly(pod);
    }

    /** Requests are rejected while the single database pod is replaced. No order is lost and no service restarts. */
    @Test
    void keepsOrdersAndServicesWhenTheDatabasePodIsReplaced() {
        var customer = TestUser.registered();
        var sku = Products.createWithStock(2);
        var key = Orders.newIdempotencyKey();
        var body = Orders.request(sku, 1, Card.APPROVED.token());
        var placed = customer.placeOrder(key, body, 10).expect(201);
        SERVICES.forEach(cluster::awaitRollout); // no pod of an earlier test is terminating
        var before = restarts();

        Load load;
        Duration recovery;
        try (var running = Load.started()) {
            load = running;
            awaitLoad(load);
            cluster.kubectl("delete", "pod/postgres-0");
            cluster.kubectl("rollout", "status", "statefulset/postgres", "--timeout=300s");
            var restored = System.nanoTime();
            recovery = load.awaitRecovery(restored, Duration.ofMinutes(1));
        }

        assertThat(customer.get("/api/orders/" + placed.at("/id")).status()).isEqualTo(200);
        assertThat(customer.placeOrder(key, body, 0).bytes()).isEqualTo(placed.bytes());
        assertThat(restarts()).isEqualTo(before);
        assertThat(load.contradictions()).isEmpty();
        PromiseResults.record(
                5,
                "the database's pod replaced: recovered %.1f s after it was ready, %s",
                recovery.toMillis() / 1000.0,
                failures(load));
    }

    /** Returns the number of restarts of each pod of the services. */
    private String restarts() {
        return cluster.kubectl(
                "get",
                "pods",
                "--selector=app.kubernetes.io/name!=postgres",
                "--output=jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}");
    }

    /** Each gateway must use the new endpoints within a second. */
    @Test
    void updatesInstancesInEveryGatewayWithinASecond() {
        for (var replicas : List.of(3, 1, 2)) {
            cluster.kubectl("scale", "deployment/catalog-service", "--replicas=" + replicas);
            await(replicas + " ready endpoints")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> cluster.readyPods("catalog-service").size() == replicas);
            var pods = cluster.readyPods("catalog-service");
            await("the instances " + pods + " in every gateway")
                    .atMost(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(instancesByGateway())
                            .allSatisfy((gateway, seen) -> assertThat(seen)
                                    .as("instances of %s", gateway)
                                    .containsExactlyElementsOf(pods)));
        }
    }

    /** Returns the instances of catalog-service of each gateway; sends enough requests to reach every gateway. */
    private static TreeMap<String, List<String>> instancesByGateway() {
        var byGateway = new TreeMap<String, List<String>>();
        for (var i = 0; i < 12; i++) {
            var platform = Http.sendOnNewConnection(TestUser.staff()
                            .authorize(Http.request("/platform/instances"))
                            .GET()
                            .build())
                    .expect(200);
            platform.json().at("/services").forEach(service -> {
                if (service.at("/name").asString().equals("catalog-service")) {
                    byGateway.put(
                            platform.at("/replica"),
                            service.at("/instances")
                                    .valueStream()
                                    .map(instance -> instance.at("/id").asString())
                                    .sorted()
                                    .toList());
                }
            });
        }
        return byGateway;
    }
}
