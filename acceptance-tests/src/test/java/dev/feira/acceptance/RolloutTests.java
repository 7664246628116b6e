package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes does to pods, people who shop do not notice. Needs {@code -Dfeira.namespace}. */
@AcceptanceTest
class RolloutTests {

    private static final List<String> SERVICES =
            List.of("gateway-service", "catalog-service", "order-service", "user-service");

    private Cluster cluster;

    @BeforeEach
    void inACluster() {
        cluster = Cluster.required();
    }

    private interface Change {
        void happen();
    }

    /** Makes {@code change} under load; nothing fails, and each acknowledged order ends. */
    private static void unnoticed(String what, Change change) {
        Load load;
        try (var shoppers = Load.started()) {
            load = shoppers;
            await("shopping is under way").atMost(Duration.ofMinutes(1)).until(() -> load.answered() > 50);
            change.happen();
            var before = load.answered();
            await("shopping goes on").atMost(Duration.ofMinutes(1)).until(() -> load.answered() > before + 50);
        }
        assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        assertThat(load.contradictions()).isEmpty();
        Promise.kept(5, "%s: 0 of %d requests failed, %d orders", what, load.answered(), load.orders());
    }

    /** {@code -Dfeira.rollouts=20} for the long run. */
    @ParameterizedTest
    @ValueSource(strings = {"gateway-service", "catalog-service", "order-service", "user-service"})
    void aRollingRestart(String deployment) {
        unnoticed("restart of " + deployment, () -> {
            for (var i = 0; i < Feira.times("feira.rollouts", 1); i++) {
                cluster.kubectl("rollout", "restart", "deployment/" + deployment);
                cluster.awaitRollout(deployment);
            }
        });
    }

    @Test
    void aRolloutThatIsUndone() {
        unnoticed("undo", () -> {
            cluster.kubectl("rollout", "restart", "deployment/order-service");
            cluster.kubectl("rollout", "undo", "deployment/order-service");
            cluster.awaitRollout("order-service");
        });
    }

    @Test
    void scalingUpAndDown() {
        unnoticed("scale 3 to 1", () -> {
            cluster.scale("catalog-service", 3);
            cluster.scale("catalog-service", 1);
            cluster.scale("catalog-service", 2);
        });
    }

    @Test
    void aPodThatIsDeleted() {
        unnoticed("pods deleted", () -> {
            for (var service : SERVICES) {
                cluster.kubectl("delete", "pod", cluster.readyPods(service).getFirst());
                cluster.awaitRollout(service);
            }
        });
    }

    /**
     * Needs a second node; the one with the database stays. Service by service: on a small cluster, the starts of all of
     * them at once would take the processors from those who serve.
     */
    @Test
    void aNodeThatIsDrained() {
        var withDatabase = cluster.kubectl("get", "pod/postgres-0", "--output=jsonpath={.spec.nodeName}");
        // a pod's place is chosen when it starts: what runs is spread over the nodes that there are now
        for (var service : SERVICES) {
            cluster.kubectl("rollout", "restart", "deployment/" + service);
            cluster.awaitRollout(service);
        }
        var others = nodesOfServices().stream()
                .filter(node -> !node.equals(withDatabase))
                .toList();
        assumeFalse(others.isEmpty(), "This test needs a second node that pods may run on");
        var node = others.getFirst();
        try {
            unnoticed("a node drained", () -> {
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
        cluster.scale("user-service", 1);
        try {
            cluster.awaitRollout("user-service");
            await("Kubernetes has counted")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> cluster.kubectl(
                                    "get", "pdb/user-service", "--output=jsonpath={.status.disruptionsAllowed}")
                            .equals("0"));
            var pod = cluster.readyPods("user-service").getFirst();
            var eviction = Files.createTempFile("eviction", ".json");
            Files.writeString(eviction, """
                            {"apiVersion": "policy/v1", "kind": "Eviction",
                             "metadata": {"name": "%s", "namespace": "%s"}}""".formatted(pod, cluster.namespace()));
            var refused = cluster.tryKubectl(
                    "create",
                    "--raw",
                    "/api/v1/namespaces/%s/pods/%s/eviction".formatted(cluster.namespace(), pod),
                    "--filename=" + eviction);
            Files.delete(eviction);

            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.output()).contains("disruption budget");
            assertThat(cluster.readyPods("user-service")).containsExactly(pod);
        } finally {
            cluster.scale("user-service", 2);
        }
    }

    @Test
    void theDatabaseKeepsItsVolumeAndNobodyIsRestartedForIt() {
        var customer = Person.registered();
        var sku = Market.productWithStock(2);
        var key = Market.newKey();
        var body = Market.order(sku, 1, Card.APPROVED.token());
        var placed = customer.order(key, body, 10).expect(201);
        SERVICES.forEach(cluster::awaitRollout); // nobody of an earlier test is still about to end
        var before = restarts();

        cluster.kubectl("delete", "pod/postgres-0");
        cluster.kubectl("rollout", "status", "statefulset/postgres", "--timeout=300s");

        await("the order is there again")
                .atMost(Duration.ofMinutes(1))
                .until(() -> customer.get("/api/orders/" + placed.at("/id")), reply -> reply.status() == 200);
        assertThat(customer.order(key, body, 0).bytes()).isEqualTo(placed.bytes());
        assertThat(restarts()).isEqualTo(before);
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
