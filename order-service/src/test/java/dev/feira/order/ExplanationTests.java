package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.OrderClient.Response;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What the explanation of an order says, compared with what happened to it. */
class ExplanationTests {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private TestEnvironment environment;

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 100);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private static void awaitStatus(Replica replica, UUID order, String status) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(replica.order(order).text("status")).isEqualTo(status));
    }

    private static Response explain(Replica replica, UUID order, String user, String role) {
        return replica.get("/orders/" + order + "/explanation", TestIdentity.token(user, role));
    }

    private static List<String> steps(JsonNode explanation, String... members) {
        return explanation
                .get("steps")
                .valueStream()
                .map(step -> String.join(
                        " ",
                        List.of(members).stream()
                                .map(member -> step.path(member).asString())
                                .toList()))
                .toList();
    }

    @Test
    void listsEveryAttemptInAnyReplicaAndWhatWasTold() {
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var first = environment.start();
        var order = first.place(
                        "ana",
                        "A-1",
                        1,
                        "tok_good",
                        "traceparent",
                        "00-" + TRACE + "-00f067aa0ba902b7-01",
                        "Prefer",
                        "wait=0")
                .id();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                steps(explain(first, order, "sofia", "staff").json(), "step", "outcome"))
                        .contains("CHARGE_PAYMENT FAILED", "CHARGE_PAYMENT WAITING"));
        first.close();
        environment.payments.healthy();
        var second = environment.start();
        awaitStatus(second, order, "CONFIRMED");

        var explanation = explain(second, order, "sofia", "staff").json();

        assertThat(explanation.get("traceId").asString()).isEqualTo(TRACE);
        assertThat(explanation
                        .get("changes")
                        .valueStream()
                        .map(change -> change.get("type").asString()))
                .containsExactly("PLACED", "STOCK_RESERVED", "PAYMENT_TAKEN", "CONFIRMED");
        assertThat(steps(explanation, "step", "attempt", "outcome"))
                .startsWith("RESERVE_STOCK 1 DONE", "CHARGE_PAYMENT 1 FAILED")
                .endsWith("CONFIRM_STOCK 1 DONE");
        var charges = explanation
                .get("steps")
                .valueStream()
                .filter(step -> step.get("step").asString().equals("CHARGE_PAYMENT"))
                .toList();
        assertThat(charges)
                .extracting(step -> step.get("attempt").asInt())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(charges.getFirst().get("error").asString()).isNotBlank();
        assertThat(charges.getLast().get("outcome").asString()).isEqualTo("DONE");
        assertThat(charges.getLast().get("replica").asString())
                .isNotEqualTo(charges.getFirst().get("replica").asString());
        assertThat(explanation
                        .get("events")
                        .valueStream()
                        .map(event -> event.get("type").asString()))
                .containsExactly("order.confirmed.v1");
        assertThat(second.bean(JdbcClient.class)
                        .sql("select max(attempts) from saga_steps where order_id = :order")
                        .param("order", order)
                        .query(Integer.class)
                        .single())
                .isEqualTo(charges.getLast().get("attempt").asInt());
    }

    @Test
    void hidesReplicasAndErrorsFromCustomers() {
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var shop = environment.start();
        var order = shop.place("ana", "A-1", 1, "tok_good", "Prefer", "wait=0").id();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                steps(explain(shop, order, "ana", "customer").json(), "step", "outcome"))
                        .contains("CHARGE_PAYMENT FAILED"));

        var own = explain(shop, order, "ana", "customer");

        assertThat(own.json().get("steps").valueStream())
                .allSatisfy(step -> assertThat(step.path("replica").isNull()
                                || step.path("replica").isMissingNode())
                        .isTrue())
                .allSatisfy(step -> assertThat(step.path("error").isNull()
                                || step.path("error").isMissingNode())
                        .isTrue());
        assertThat(explain(shop, order, "bruno", "customer").problem()).isEqualTo("order-not-found");
        assertThat(explain(shop, UUID.randomUUID(), "sofia", "staff").problem()).isEqualTo("order-not-found");
    }

    @Test
    void tellsPendingPaymentFromFailure() {
        var shop = environment.start();
        var order = shop.place("ana", "A-1", 1, "tok_later", "Prefer", "wait=0").id();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                steps(explain(shop, order, "sofia", "staff").json(), "step", "outcome"))
                        .contains("AWAIT_PAYMENT PENDING")
                        .doesNotContain("AWAIT_PAYMENT FAILED"));
        environment.payments.settles(order, true);
        awaitStatus(shop, order, "CONFIRMED");
    }

    @Test
    void countsRepeatedRequests() {
        var shop = environment.start();
        var key = UUID.randomUUID().toString();
        var order =
                shop.place("ana", "A-1", 1, "tok_good", "Idempotency-Key", key).id();
        awaitStatus(shop, order, "CONFIRMED");
        assertThat(explain(shop, order, "ana", "customer").json().get("replays").asInt())
                .isZero();

        for (var i = 0; i < 2; i++) {
            assertThat(shop.place("ana", "A-1", 1, "tok_good", "Idempotency-Key", key)
                            .id())
                    .isEqualTo(order);
        }

        var explanation = explain(shop, order, "ana", "customer").json();
        assertThat(explanation.get("replays").asInt()).isEqualTo(2);
        assertThat(explanation.get("lastReplayAt").asString()).isNotBlank();
    }

    @Test
    void listsNoAttemptTwiceAfterACancellation() {
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var shop = environment.start();
        var order = shop.place("ana", "A-1", 1, "tok_good", "Prefer", "wait=0").id();
        awaitStatus(shop, order, "RESERVED");

        assertThat(shop.cancel(order, "ana").status()).isEqualTo(200);
        environment.payments.healthy();
        shop.awaitBalanced();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                steps(explain(shop, order, "sofia", "staff").json(), "step", "outcome"))
                        .contains("STOP_PAYMENT DONE", "RELEASE_STOCK DONE")
                        .doesNotContain("CHARGE_PAYMENT WAITING"));
        assertThat(steps(explain(shop, order, "sofia", "staff").json(), "step", "attempt"))
                .doesNotHaveDuplicates();
    }
}
