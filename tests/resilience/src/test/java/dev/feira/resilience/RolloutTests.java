package dev.feira.resilience;

import dev.feira.acceptance.Promise;
import dev.feira.acceptance.Card;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.SignIn;
import dev.feira.acceptance.Person;
import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Market;
import dev.feira.acceptance.Feira;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes does to pods, people who shop do not notice. Needs {@code -Dfeira.namespace}. */
@AcceptanceTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolloutTests {

    private static final List<String> SERVICES =
            List.of("gateway-service", "catalog-service", "order-service", "user-service");

    /** Of the CPU that a pod asks for: above what it needs at rest, below what it needs under {@link Load}. */
    private static final int SCALING_UTILIZATION = 40;

    /** Whatever a service says to somebody without a token. */
    private static final Pattern ANSWERED = Pattern.compile("^(401|404) .*urn:feira:problem:.*$", Pattern.DOTALL);

    private static final Pattern KEY = Pattern.compile("\"kid\" *: *\"([^\"]+)\"");

    private Cluster cluster;

    @BeforeEach
    void inACluster() {
        cluster = Cluster.required();
    }

    private interface Change {
        void happen(Load load);
    }

    /** Makes {@code change} under load; nothing fails, and each acknowledged order ends. */
    private static void unnoticed(String what, Change change) {
        Load load;
        try (var shoppers = Load.started()) {
            load = shoppers;
            awaitShopping(load);
            change.happen(load);
            var before = load.answered();
            await("shopping goes on").atMost(Duration.ofMinutes(1)).until(() -> load.answered() > before + 50);
        }
        assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        assertThat(load.contradictions()).isEmpty();
        Promise.kept(5, "%s: 0 of %d requests failed, %d orders", what, load.answered(), load.orders());
    }

    private static String often(int times) {
        return times == 1 ? "once" : times + " times";
    }

    private static void awaitShopping(Load load) {
        await("shopping is under way").atMost(Duration.ofMinutes(1)).until(() -> load.answered() > 50);
    }

    /** For what people do notice: how many, and that it was no more than that. */
    private static String cost(Load load) {
        return "%d of %d requests failed until then, 0 of %d orders lost"
                .formatted(
                        load.failures().size(),
                        load.answered() + load.failures().size(),
                        load.orders());
    }

    /** {@code -Dfeira.rollouts=20} for the long run: one begins while the pods of the one before still end. */
    @ParameterizedTest
    @ValueSource(strings = {"gateway-service", "catalog-service", "order-service", "user-service"})
    void aRollingRestart(String deployment) {
        var times = Feira.times("feira.rollouts", 1);
        unnoticed(deployment + " restarted " + often(times), load -> {
            for (var i = 1; i <= times; i++) {
                cluster.kubectl("rollout", "restart", "deployment/" + deployment);
                cluster.awaitNewest(deployment);
                if (times > 1) {
                    Promise.underWay(
                            5,
                            "%s restarted %d of %d times: %d requests answered, failed: %s",
                            deployment,
                            i,
                            times,
                            load.answered(),
                            load.failures());
                }
            }
            cluster.awaitRollout(deployment);
        });
    }

    @Test
    void aRolloutThatIsUndone() {
        var times = Feira.times("feira.undos", 1);
        unnoticed("a rollout undone " + often(times), _ -> {
            for (var i = 0; i < times; i++) {
                cluster.kubectl("rollout", "restart", "deployment/order-service");
                if (i % 2 == 1) { // once in its middle, once when it is over
                    cluster.awaitRollout("order-service");
                }
                cluster.kubectl("rollout", "undo", "deployment/order-service");
                cluster.awaitRollout("order-service");
            }
        });
    }

    @Test
    void scalingUpAndDown() {
        unnoticed("scale 3, 1, 3", _ -> {
            cluster.scale("catalog-service", 3);
            cluster.scale("catalog-service", 1);
            cluster.scale("catalog-service", 3);
        });
        cluster.scale("catalog-service", 2);
    }

    /** The load of these tests is small, so the component's scaler is told to act on less, and to stop at three pods. */
    @Test
    void theAutoscalerFollowsTheLoad() {
        assumeTrue(
                cluster.tryKubectl("get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes")
                                .exitCode()
                        == 0,
                "This test needs metrics-server");
        assumeTrue(
                cluster.tryKubectl("get", "hpa/catalog-service").exitCode() != 0,
                "catalog-service has a scaler already: it is not this test's to change");
        var scalers = PlatformOptions.findHome().resolve("k8s/components/autoscaling/scalers.yaml");
        cluster.kubectl("apply", "--filename=" + scalers, "--selector=app.kubernetes.io/name=catalog-service");
        try {
            cluster.kubectl("patch", "hpa/catalog-service", "--type=json", """
                    --patch=[{"op": "replace", "path": "/spec/maxReplicas", "value": 3},
                    {"op": "replace", "path": "/spec/behavior/scaleDown/stabilizationWindowSeconds", "value": 15},
                    {"op": "replace", "path": "/spec/metrics/0/resource/target/averageUtilization", "value": %d}]""".formatted(SCALING_UTILIZATION));
            await("the scaler sees that two pods are enough for nobody")
                    .atMost(Duration.ofMinutes(5))
                    .until(() ->
                            utilization().filter(it -> it < SCALING_UTILIZATION).isPresent()
                                    && cluster.readyPods("catalog-service").size() == 2);
            unnoticed("scaled by load", _ -> {
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

    /** What the scaler has measured last, in percent of what the pods ask for. */
    private Optional<Integer> utilization() {
        return Optional.of(cluster.kubectl(
                        "get",
                        "hpa/catalog-service",
                        "--output=jsonpath={.status.currentMetrics[0].resource.current.averageUtilization}"))
                .filter(measured -> !measured.isBlank())
                .map(Integer::valueOf);
    }

    @Test
    void aChangedSetting() {
        unnoticed("a changed setting", _ -> {
            try {
                cluster.kubectl("set", "env", "deployment/order-service", "LOGGING_LEVEL_DEV_FEIRA=debug");
                cluster.awaitRollout("order-service");
            } finally {
                cluster.kubectl("set", "env", "deployment/order-service", "LOGGING_LEVEL_DEV_FEIRA-");
            }
            cluster.awaitRollout("order-service");
        });
    }

    /** A new key is published ten minutes before it signs: until it does, and then, nobody notices. */
    @Test
    void rotatedKeys() {
        unnoticed("keys rotated", _ -> {
            var newcomer = Person.registered();
            var before = signingKey(newcomer);
            Http.send(Person.admin()
                            .as(Http.request("/id/keys/rotation"))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build())
                    .expect(200);
            await("the new key signs")
                    .atMost(Duration.ofMinutes(15))
                    .pollInterval(Duration.ofSeconds(10))
                    .until(() -> !signingKey(newcomer).equals(before));
            Person.registered().get("/api/orders").expect(200);
        });
    }

    /** Signs in anew, and returns which key has signed the access token. */
    private static String signingKey(Person person) {
        var token = SignIn.as(person.email(), person.password()).expect(200).at("/access_token");
        var header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        var key = KEY.matcher(new String(header, StandardCharsets.UTF_8));
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    @Test
    void aPodThatIsDeleted() {
        unnoticed("pods deleted", _ -> {
            for (var service : SERVICES) {
                cluster.kubectl("delete", "pod", cluster.readyPods(service).getFirst());
                cluster.awaitRollout(service);
            }
        });
    }

    /**
     * What the pause before a stop is for: a proxy that has not heard yet that a pod is about to end goes on sending
     * connections there. On one machine it hears within milliseconds, and no load would notice that the pause is missing.
     */
    @Test
    void aPodThatIsAboutToEndServesWhoeverHasNotHeardOfIt() {
        for (var service : SERVICES) {
            cluster.awaitRollout(service);
            var pod = cluster.readyPods(service).getFirst();
            cluster.kubectl("delete", "pod", pod, "--wait=false");
            await("nobody new is sent to " + pod)
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !cluster.readyPods(service).contains(pod));
            var port = NetworkTests.PORTS.get(service).getFirst();
            assertThat(cluster.ask(pod, "http://127.0.0.1:%d/api".formatted(port)))
                    .as("the answer of %s", pod)
                    .matches(ANSWERED);
            cluster.awaitRollout(service);
        }
        Promise.kept(
                5, "a pod of each service answered on a new connection when Kubernetes had taken it from its list");
    }

    /**
     * Needs a second node; the one with the database stays. Service by service: on a small cluster, the starts of all of
     * them at once would take the processors from those who serve.
     */
    @Test
    void aNodeThatIsDrained() {
        var node = spreadOverANodeBesideTheDatabases();
        try {
            unnoticed("a node drained", _ -> {
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
     * A machine is gone without a word: Kubernetes notices after some 40 s, and until then sends connections to pods that are
     * no more. So there are failures; they end, and nothing is lost. {@code -Dfeira.lose-node='docker kill $NODE'}, say: the
     * node is not there afterwards, so this is the last test.
     */
    @Test
    @Order(Integer.MAX_VALUE)
    void aNodeThatIsLost() throws Exception {
        var command = System.getProperty("feira.lose-node", "");
        assumeFalse(command.isBlank(), "This test takes a node away: -Dfeira.lose-node with the command that does it");
        var node = nodeToLose();

        Load load;
        Duration noticed;
        Duration served;
        try (var shoppers = Load.started()) {
            load = shoppers;
            awaitShopping(load);
            var lost = System.nanoTime();
            run(command, Map.of("NODE", node));
            await("Kubernetes has noticed")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> SERVICES.stream()
                            .allMatch(service ->
                                    cluster.nodesOfReadyPods(service).stream().noneMatch(node::equals)));
            var since = System.nanoTime();
            noticed = Duration.ofNanos(since - lost);
            served = await("everybody is served by those who are left")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> load.served(since), Optional::isPresent)
                    .orElseThrow();
        }
        cluster.kubectl("delete", "node/" + node);
        for (var service : SERVICES) {
            cluster.awaitRollout(service);
        }
        assertThat(load.contradictions()).isEmpty();
        Promise.kept(
                5,
                "a node lost: noticed after %d s, everybody served %.1f s later, %s",
                noticed.toSeconds(),
                served.toMillis() / 1000.0,
                cost(load));
    }

    /**
     * A process that answers nobody any more, and does not end: its pod gets no requests after some 10 s, and another process
     * after a minute or two, when it has not been alive six times. {@code -Dfeira.hang-container} with what stops it.
     */
    @Test
    void aPodThatHangs() throws Exception {
        var command = System.getProperty("feira.hang-container", "");
        assumeFalse(
                command.isBlank(), "This test stops a process: -Dfeira.hang-container with the command that does it");
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
        Duration leftOut;
        Duration served;
        Duration restarted;
        try (var shoppers = Load.started()) {
            load = shoppers;
            awaitShopping(load);
            var hung = System.nanoTime();
            run(command, variables);
            await("nobody is sent there")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !cluster.readyPods("order-service").contains(pod));
            var since = System.nanoTime();
            leftOut = Duration.ofNanos(since - hung);
            served = await("everybody is served by the others")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> load.served(since), Optional::isPresent)
                    .orElseThrow();
            var calm = since + served.toNanos();
            await("it is started again")
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> restarts(pod) > before
                            && cluster.readyPods("order-service").contains(pod));
            restarted = Duration.ofNanos(System.nanoTime() - hung);
            var ready = System.nanoTime();
            await("everybody is served still")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> load.served(ready), Optional::isPresent);
            assertThat(load.failures()).as("after the pod was left out").noneMatch(failure -> failure.begin() > calm);
        }
        assertThat(load.contradictions()).isEmpty();
        Promise.kept(
                5,
                "a pod hung: left out after %d s, everybody served %.1f s later, another process after %d s, %s",
                leftOut.toSeconds(),
                served.toMillis() / 1000.0,
                restarted.toSeconds(),
                cost(load));
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
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    }

    /**
     * {@code -Dfeira.lost-node} where only this one may be lost. Not that of the database, whose volume may be of that machine
     * alone: deploy while the node is cordoned, and the volume is made on another.
     */
    private String nodeToLose() {
        var only = System.getProperty("feira.lost-node", "");
        assumeFalse(nodeOfTheDatabase().equals(only), "The database runs on " + only);
        var node = spreadOverANodeBesideTheDatabases();
        assumeTrue(only.isBlank() || node.equals(only), "No pods run on " + only);
        return node;
    }

    private String nodeOfTheDatabase() {
        return cluster.kubectl("get", "pod/postgres-0", "--output=jsonpath={.spec.nodeName}");
    }

    /** A pod's place is chosen when it starts: what runs is spread over the nodes that there are now. */
    private String spreadOverANodeBesideTheDatabases() {
        var withDatabase = nodeOfTheDatabase();
        for (var service : SERVICES) {
            cluster.kubectl("rollout", "restart", "deployment/" + service);
            cluster.awaitRollout(service);
        }
        var others = nodesOfServices().stream()
                .filter(node -> !node.equals(withDatabase))
                .toList();
        assumeFalse(others.isEmpty(), "This test needs a second node that pods may run on");
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
    void theLastPodOfAServiceIsNotEvicted() throws IOException {
        var eviction = Files.createTempFile("eviction", ".json");
        try {
            unnoticed("the last pod of a service not evicted", _ -> {
                cluster.scale("user-service", 1);
                cluster.awaitRollout("user-service");
                await("Kubernetes has counted")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> cluster.kubectl(
                                        "get", "pdb/user-service", "--output=jsonpath={.status.disruptionsAllowed}")
                                .equals("0"));
                evictionIsRefused(cluster.readyPods("user-service").getFirst(), eviction);
            });
        } finally {
            Files.delete(eviction);
            cluster.scale("user-service", 2);
        }
    }

    private void evictionIsRefused(String pod, Path eviction) {
        try {
            Files.writeString(eviction, """
                            {"apiVersion": "policy/v1", "kind": "Eviction",
                             "metadata": {"name": "%s", "namespace": "%s"}}""".formatted(pod, cluster.namespace()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var refused = cluster.tryKubectl(
                "create",
                "--raw",
                "/api/v1/namespaces/%s/pods/%s/eviction".formatted(cluster.namespace(), pod),
                "--filename=" + eviction);

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.output()).contains("disruption budget");
        assertThat(cluster.readyPods("user-service")).containsExactly(pod);
    }

    /** There is one database, so people are told to wait while its pod is replaced; nothing is lost, and nobody restarted. */
    @Test
    void theDatabaseKeepsItsVolumeAndNobodyIsRestartedForIt() {
        var customer = Person.registered();
        var sku = Market.productWithStock(2);
        var key = Market.newKey();
        var body = Market.order(sku, 1, Card.APPROVED.token());
        var placed = customer.order(key, body, 10).expect(201);
        SERVICES.forEach(cluster::awaitRollout); // nobody of an earlier test is still about to end
        var before = restarts();

        Load load;
        Duration served;
        try (var shoppers = Load.started()) {
            load = shoppers;
            awaitShopping(load);
            cluster.kubectl("delete", "pod/postgres-0");
            cluster.kubectl("rollout", "status", "statefulset/postgres", "--timeout=300s");
            var back = System.nanoTime();
            served = await("everybody is served again")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> load.served(back), Optional::isPresent)
                    .orElseThrow();
        }

        assertThat(customer.get("/api/orders/" + placed.at("/id")).status()).isEqualTo(200);
        assertThat(customer.order(key, body, 0).bytes()).isEqualTo(placed.bytes());
        assertThat(restarts()).isEqualTo(before);
        assertThat(load.contradictions()).isEmpty();
        Promise.kept(
                5,
                "the database's pod replaced: everybody served %.1f s after it was ready, %s",
                served.toMillis() / 1000.0,
                cost(load));
    }

    /** By pod of the services: how often its container was restarted. */
    private String restarts() {
        return cluster.kubectl(
                "get",
                "pods",
                "--selector=app.kubernetes.io/name!=postgres",
                "--output=jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}");
    }

    /** Scale 2 → 3 → 1: one second after Kubernetes has said so, each gateway knows, and asks nobody who is gone. */
    @Test
    void theGatewayFollowsThePodsWithinASecond() {
        for (var replicas : List.of(3, 1, 2)) {
            cluster.kubectl("scale", "deployment/catalog-service", "--replicas=" + replicas);
            await("Kubernetes has " + replicas + " ready pods")
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> cluster.readyPods("catalog-service").size() == replicas);
            var pods = cluster.readyPods("catalog-service");
            await("every gateway knows " + pods)
                    .atMost(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(known())
                            .allSatisfy((gateway, seen) -> assertThat(seen)
                                    .as("what %s knows", gateway)
                                    .containsExactlyElementsOf(pods)));
        }
    }

    /** By gateway: the pods of catalog-service that it would ask. Asks often enough to meet every gateway. */
    private static TreeMap<String, List<String>> known() {
        var byGateway = new TreeMap<String, List<String>>();
        for (var i = 0; i < 12; i++) {
            var platform = Http.onNewConnection(Person.staff()
                            .as(Http.request("/platform/instances"))
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
