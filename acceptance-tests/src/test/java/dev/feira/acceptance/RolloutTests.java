package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
        var customer = Person.registered();
        var sku = Market.productWithStock(100_000);
        Load load;
        try (var shoppers = Load.of(customer, sku)) {
            load = shoppers;
            await("shopping is under way").atMost(Duration.ofMinutes(1)).until(() -> load.answered() > 50);
            change.happen();
            var before = load.answered();
            await("shopping goes on").atMost(Duration.ofMinutes(1)).until(() -> load.answered() > before + 50);
        }
        assertThat(load.failures()).as("of %d requests", load.answered()).isEmpty();
        assertThat(Orders.awaitEnd(customer, Feira.ENDING).keySet())
                .as("acknowledged orders are there")
                .containsAll(load.orders());
        Promise.kept(
                5,
                "%s: 0 of %d requests failed, %d orders",
                what,
                load.answered(),
                load.orders().size());
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
            for (var service : List.of("gateway-service", "catalog-service", "order-service", "user-service")) {
                cluster.kubectl("delete", "pod", cluster.readyPods(service).getFirst());
                cluster.awaitRollout(service);
            }
        });
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
