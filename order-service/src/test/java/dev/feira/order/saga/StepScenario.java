package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.OrderClient;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import java.time.Duration;
import java.util.UUID;

/**
 * An order that reaches a step, and its expected end. A new step without a scenario does not compile.
 *
 * @param sku a product of its own, with a stock of five
 * @param key the idempotency key of the order
 */
record StepScenario(SagaStep step, String sku, String key, TestEnvironment environment) {

    private record End(String status, int available, String kept) {}

    static StepScenario of(SagaStep step, String name, TestEnvironment environment) {
        var sku = step.name().replace('_', '-') + "-" + name;
        environment.catalog.sells(sku, "1.00", 5);
        return new StepScenario(step, sku, UUID.randomUUID().toString(), environment);
    }

    UUID place(OrderClient shop) {
        var card = switch (step) {
            case RESERVE_STOCK, CHARGE_PAYMENT, CONFIRM_STOCK, REFUND_PAYMENT, RETURN_STOCK -> "tok_good";
            case AWAIT_PAYMENT, STOP_PAYMENT -> "tok_later";
            case RELEASE_STOCK -> "tok_declines";
        };
        var placed = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> shop.place("ana", sku, 1, card, "Idempotency-Key", key),
                        response -> response.status() != 503 && response.status() != 409);
        assertThat(placed.status()).as(placed.body()).isEqualTo(201);
        return placed.id();
    }

    /** Sends what the order needs after the placement to reach the step. */
    void reachStep(OrderClient shop, UUID order) {
        switch (step) {
            case RESERVE_STOCK, CHARGE_PAYMENT, CONFIRM_STOCK, RELEASE_STOCK -> {}
            case AWAIT_PAYMENT -> settle(order);
            case STOP_PAYMENT -> {
                await().until(() -> shop.order(order)
                        .json()
                        .path("payment")
                        .path("status")
                        .asString()
                        .equals("PENDING"));
                shop.cancel(order, "ana");
            }
            case REFUND_PAYMENT, RETURN_STOCK -> {
                await().until(() -> shop.order(order).text("status").equals("CONFIRMED"));
                shop.cancel(order, "ana");
            }
        }
    }

    /** Lets the payment provider approve a pending charge. */
    private void settle(UUID order) {
        await().until(() -> environment.payments.chargeId(order) != null);
        environment.payments.settles(order, true);
    }

    void assertEnd(OrderClient shop, UUID order) {
        var end = switch (step) {
            case RESERVE_STOCK, CHARGE_PAYMENT, CONFIRM_STOCK, AWAIT_PAYMENT -> new End("CONFIRMED", 4, "1.00");
            case RELEASE_STOCK -> new End("REJECTED", 5, "0.00");
            case STOP_PAYMENT, REFUND_PAYMENT, RETURN_STOCK -> new End("CANCELLED", 5, "0.00");
        };
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(shop.order(order).text("status")).isEqualTo(end.status);
            assertThat(environment.catalog.available(sku)).isEqualTo(end.available);
            assertThat(environment.payments.kept(order)).isEqualByComparingTo(end.kept);
            var audit = shop.get("/audit", TestIdentity.token("staff", "staff"));
            assertThat(audit.status()).as(audit.toString()).isEqualTo(200);
            var report = audit.json();
            assertThat(report.get("underWay").asInt()).isZero();
            assertThat(report.get("balanced").asBoolean()).as(report.toString()).isTrue();
        });
        // each event once, however often the step ran
        var timeline = shop.order(order).json().path("timeline").findValuesAsString("type");
        assertThat(timeline).doesNotHaveDuplicates();
    }
}
