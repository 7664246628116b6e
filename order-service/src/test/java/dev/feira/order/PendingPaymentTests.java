package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests charges that the provider decides late, or never. */
class PendingPaymentTests {

    private TestEnvironment environment;

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 10);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private static void awaitStatus(Replica shop, UUID id, String status) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shop.order(id).text("status")).isEqualTo(status));
    }

    private static UUID pending(Replica shop) {
        var id = shop.placed("ana", "A-1", 1, "tok_later");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> shop.order(id)
                        .json()
                        .path("payment")
                        .path("status")
                        .asString()
                        .equals("PENDING"));
        return id;
    }

    /** Without the webhook, the next read of the charge is in ten minutes. */
    @Test
    void confirmsPendingPaymentByWebhookAlone() {
        var shop = environment.start(
                "feira.orders.saga.first-retry=10m",
                "feira.orders.saga.longest-retry=10m",
                "feira.orders.saga.poll-interval=1h");
        var id = pending(shop);
        environment.payments.settles(id, true);
        var message = WebhookMessage.about(id, "charge.succeeded");
        assertThat(message.sentTo(shop, Instant.now()).status()).isEqualTo(204);
        awaitStatus(shop, id, "CONFIRMED");
    }

    @Test
    void cancelsChargeThatStaysPending() {
        var shop = environment.start("feira.orders.saga.pending-payment-limit=100ms");
        var id = shop.placed("ana", "A-1", 1, "tok_later");
        awaitStatus(shop, id, "REJECTED");
        assertThat(shop.order(id).json().at("/rejection/reason").asString()).isEqualTo("PAYMENT_NOT_COMPLETED");
        assertThat(environment.payments.chargeStatus(id)).isEqualTo("CANCELLED");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(environment.catalog.available("A-1")).isEqualTo(10));
    }

    @Test
    void cancelsPendingChargeWhoseStepWasLost() {
        var shop = environment.start(
                "feira.orders.saga.pending-payment-limit=3s",
                "feira.orders.saga.sweep-interval=100ms",
                "feira.orders.saga.overdue-after=1s");
        var id = pending(shop);
        shop.bean(JdbcClient.class)
                .sql("delete from saga_steps where order_id = :id")
                .param("id", id)
                .update();
        awaitStatus(shop, id, "REJECTED");
        assertThat(environment.payments.chargeStatus(id)).isEqualTo("CANCELLED");
        assertThat(shop.order(id).json().path("timeline").findValuesAsString("type"))
                .startsWith("PLACED", "STOCK_RESERVED", "PAYMENT_PENDING", "REJECTED");
    }

    @Test
    void compensatesCancelledOrderWhoseStepsWereLost() {
        var shop = environment.start();
        var id = pending(shop);
        shop.bean(JdbcClient.class)
                .sql("delete from saga_steps where order_id = :id")
                .param("id", id)
                .update();
        assertThat(shop.cancel(id, "ana").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(environment.payments.chargeStatus(id)).isEqualTo("CANCELLED");
            assertThat(environment.catalog.available("A-1")).isEqualTo(10);
        });
    }
}
