package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a replica that stops and another that starts on the same database. */
class RestartTests {

    private TestEnvironment environment;

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
    }

    @AfterEach
    void close() {
        environment.close();
    }

    @Test
    void replaysResponseAfterRestartWithoutCatalog() {
        environment.catalog.sells("A-1", "1.00", 10);
        var token = TestIdentity.token("ana", "customer");
        var body = Replica.order("A-1", 1, "tok_good");
        Replica.Response first;
        try (var shop = environment.start()) {
            first = shop.post("/orders", token, body, "Idempotency-Key", "k", "Prefer", "wait=10");
            assertThat(first.text("status")).isEqualTo("CONFIRMED");
        }
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        var again = environment.start().post("/orders", token, body, "Idempotency-Key", "k");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    }

    @Test
    void completesOrdersOfStoppedReplica() {
        environment.catalog.sells("A-1", "1.00", 1000);
        environment.payments.faults((method, path) ->
                method.equals("POST") && path.equals("/charges") ? new Fault.Cuts(true) : new Fault.Cuts(false));
        var placed = new ArrayList<UUID>();
        try (var shop = environment.start()) {
            for (var i = 0; i < 20; i++) {
                placed.add(shop.placed("ana", "A-1", 1, "tok_good"));
            }
        }
        environment.payments.healthy();
        var next = environment.start();
        for (var id : placed) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(next.order(id).text("status")).isEqualTo("CONFIRMED"));
            assertThat(environment.payments.kept(id)).isEqualTo("1.00");
        }
        assertThat(environment.catalog.available("A-1")).isEqualTo(980);
        next.awaitBalanced();
    }

    @Test
    void reportsDiscrepanciesInAudit() {
        environment.catalog.sells("A-1", "1.00", 10);
        var shop = environment.start();
        var id = shop.place("ana", "A-1", 1, "tok_good", "Prefer", "wait=10").id();
        shop.awaitBalanced();
        environment.payments.addsStrayCharge("no-order");
        environment.payments.addsStrayCharge(id.toString());
        var stray = UUID.randomUUID();
        environment.catalog.addsStrayReservation(stray.toString());
        var report = shop.get("/audit", TestIdentity.token("staff", "staff"));
        assertThat(report.json().get("balanced").asBoolean()).isFalse();
        assertThat(report.json().path("discrepancies").findValuesAsString("kind"))
                .containsExactlyInAnyOrder("PAYMENT", "PAYMENT_WITHOUT_ORDER", "STOCK_WITHOUT_ORDER");
        assertThat(report.json().path("discrepancies").findValuesAsString("reference"))
                .containsExactlyInAnyOrder(id.toString(), "no-order", stray.toString());
    }
}
