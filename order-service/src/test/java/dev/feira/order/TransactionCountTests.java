package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.StatementLog;
import dev.feira.order.fixtures.TestEnvironment;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Limits the database work of an order: statements are most of its CPU time. */
class TransactionCountTests {

    @Test
    void confirmsOrderInAtMost8TransactionsAnd25Statements() throws InterruptedException {
        try (var environment = new TestEnvironment()) {
            environment.catalog.sells("A-1", "1.00", 100);
            // no background work while the order runs
            var shop = environment.start(
                    List.of(StatementLog.class),
                    "feira.orders.saga.poll-interval=1h",
                    "feira.orders.saga.sweep-interval=1h",
                    "feira.orders.audit-interval=1h",
                    "feira.orders.reread-interval=5s");
            var log = shop.bean(StatementLog.class);
            shop.place("ana", "A-1", 1, "tok_good", "Prefer", "wait=10"); // fetches keys and tokens
            TimeUnit.MILLISECONDS.sleep(500);
            log.clear();
            var response = shop.place(
                    "ana",
                    "A-1",
                    1,
                    "tok_good",
                    "Prefer",
                    "wait=10",
                    "Idempotency-Key",
                    UUID.randomUUID().toString());
            assertThat(response.text("status")).isEqualTo("CONFIRMED");
            TimeUnit.MILLISECONDS.sleep(500); // work of the saga after the response counts as well
            assertThat(log.transactions())
                    .as(String.join("\n", log.statements()))
                    .isPositive()
                    .isLessThanOrEqualTo(8);
            assertThat(log.statements()).hasSizeLessThanOrEqualTo(25);
        }
    }
}
