package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.Surroundings;
import dev.feira.test.TestIdentity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas on one database, and replicas that die and come back. */
class ReplicasTests {

    private Surroundings around;

    @BeforeEach
    void open() {
        around = new Surroundings();
    }

    @AfterEach
    void close() {
        around.close();
    }

    private static void balances(Replica shop) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            var report = shop.get("/audit", TestIdentity.token("staff", "staff"));
            assertThat(report.json().get("underWay").asInt()).as(report.body()).isZero();
            assertThat(report.json().get("balanced").asBoolean()).as(report.body()).isTrue();
        });
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void oneKeySentToTwoReplicasAtOnceMakesOneOrderAndOneAnswer() throws Exception {
        around.catalog.sells("A-1", "1.00", 10_000);
        var replicas = List.of(around.start(), around.start());
        var token = TestIdentity.token("ana", "customer");
        for (var round = 0; round < 30; round++) {
            var key = "round-" + round;
            var wait = round % 3 == 0 ? "wait=5" : "wait=0";
            var answers = atOnce(IntStream.range(0, 5)
                    .<Callable<Replica.Answer>>mapToObj(i -> () -> replicas.get(i % 2)
                            .post(
                                    "/orders",
                                    token,
                                    Replica.order("A-1", 1, "tok_good"),
                                    "Idempotency-Key",
                                    key,
                                    "Prefer",
                                    wait))
                    .toList());
            assertThat(answers).extracting(Replica.Answer::status).containsOnlyOnceElementsOf(Set.of()).isSubsetOf(201, 409);
            assertThat(answers.stream().filter(a -> a.status() == 409).map(Replica.Answer::problem))
                    .allMatch("idempotency-key-in-flight"::equals);
            var last = replicas.get(round % 2)
                    .post("/orders", token, Replica.order("A-1", 1, "tok_good"), "Idempotency-Key", key);
            assertThat(last.status()).isEqualTo(201);
            for (var answer : answers) {
                if (answer.status() == 201) {
                    assertThat(answer.body()).isEqualTo(last.body());
                    assertThat(answer.header("ETag")).isEqualTo(last.header("ETag"));
                    assertThat(answer.header("Location")).isEqualTo(last.header("Location"));
                }
            }
        }
        var orders = replicas.getFirst().get("/orders?limit=100", token).json().path("items");
        assertThat(orders).hasSize(30);
        balances(replicas.getFirst());
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefusedAndTheSameBodyWrittenOtherwiseIsNot() {
        around.catalog.sells("A-1", "1.00", 10);
        var shop = around.start();
        var token = TestIdentity.token("ana", "customer");
        var body = Replica.order("A-1", 1, "tok_good");
        var first = shop.post("/orders", token, body, "Idempotency-Key", "k");
        var other = shop.post("/orders", token, Replica.order("A-1", 2, "tok_good"), "Idempotency-Key", "k");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        var respelled = body.replace("\n", " ").replace("Ana S\u00e1", "Ana S\\u00e1").replace("\"sku\":\"A-1\",\"quantity\":1", "\"quantity\" : 1 , \"sku\":\"A-1\"");
        assertThat(respelled).isNotEqualTo(body);
        assertThat(shop.post("/orders", token, respelled, "Idempotency-Key", "k").body()).isEqualTo(first.body());
        // another customer's key of the same value is another key
        assertThat(shop.post("/orders", TestIdentity.token("bruno", "customer"), body, "Idempotency-Key", "k").id())
                .isNotEqualTo(first.id());
    }

    @Test
    void aReplayNeedsNoCatalogAndSurvivesARestart() {
        around.catalog.sells("A-1", "1.00", 10);
        var token = TestIdentity.token("ana", "customer");
        var body = Replica.order("A-1", 1, "tok_good");
        Replica.Answer first;
        try (var shop = around.start()) {
            first = shop.post("/orders", token, body, "Idempotency-Key", "k", "Prefer", "wait=10");
            assertThat(first.text("status")).isEqualTo("CONFIRMED");
        }
        around.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        var again = around.start().post("/orders", token, body, "Idempotency-Key", "k");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    }

    @Test
    void aReplicaThatGoesDownInTheMiddleLeavesItsOrdersToTheNext() {
        around.catalog.sells("A-1", "1.00", 1000);
        around.payments.faults((method, path) ->
                method.equals("POST") && path.equals("/charges") ? new Fault.Cuts(true) : new Fault.Cuts(false));
        var placed = new ArrayList<UUID>();
        try (var shop = around.start()) {
            for (var i = 0; i < 20; i++) {
                placed.add(shop.placed("ana", "A-1", 1, "tok_good"));
            }
        }
        around.payments.healthy();
        var next = around.start();
        for (var id : placed) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(next.order(id).text("status")).isEqualTo("CONFIRMED"));
            assertThat(around.payments.kept(id)).isEqualTo("1.00");
        }
        assertThat(around.catalog.available("A-1")).isEqualTo(980);
        balances(next);
    }

    @Test
    void sixtyFourBuyersOfTenUnitsAtTwoReplicasBuyExactlyTen() throws Exception {
        var replicas = List.of(around.start(), around.start());
        for (var round = 0; round < 3; round++) {
            var sku = "RACE-" + round;
            around.catalog.sells(sku, "1.00", 10);
            var answers = atOnce(IntStream.range(0, 64)
                    .<Callable<UUID>>mapToObj(
                            i -> () -> replicas.get(i % 2).placed("buyer-" + i, sku, 1, "tok_good"))
                    .toList());
            var results = answers.stream()
                    .map(id -> await().atMost(Duration.ofSeconds(60))
                            .until(
                                    () -> replicas.getFirst().order(id).text("status"),
                                    Set.of("CONFIRMED", "REJECTED")::contains))
                    .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
            assertThat(results).containsEntry("CONFIRMED", 10L).containsEntry("REJECTED", 54L);
            assertThat(around.catalog.available(sku)).isZero();
        }
        balances(replicas.getFirst());
    }

    @Test
    void aCancellationAtAnyMomentIsDecidedOnceAndBalances() throws Exception {
        around.catalog.sells("A-1", "1.00", 1000);
        var replicas = List.of(around.start(), around.start());
        var outcomes = ConcurrentHashMap.<String>newKeySet();
        var calls = IntStream.range(0, 60)
                .<Callable<UUID>>mapToObj(i -> () -> {
                    var id = replicas.getFirst().placed("ana", "A-1", 1, i % 3 == 0 ? "tok_later" : "tok_good");
                    // at a different moment of the saga each time: after as many looks as the order's number says
                    for (var look = 0; look < i % 7; look++) {
                        replicas.getLast().order(id);
                    }
                    outcomes.add(replicas.getLast().cancel(id, "ana").text("status"));
                    return id;
                })
                .toList();
        for (var id : atOnce(calls)) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(replicas.getFirst().order(id).text("status")).isEqualTo("CANCELLED");
                assertThat(around.payments.kept(id)).isEqualByComparingTo(BigDecimal.ZERO);
            });
        }
        assertThat(outcomes).containsOnly("CANCELLED");
        balances(replicas.getFirst());
        assertThat(around.catalog.available("A-1")).isEqualTo(1000);
    }

    @Test
    void aWaitingRequestHearsOfWhatAnotherReplicaDoes() throws Exception {
        around.catalog.sells("A-1", "1.00", 10);
        var replicas = List.of(around.start(), around.start());
        var id = replicas.getFirst().place("ana", "A-1", 1, "tok_good", "Prefer", "wait=10").id();
        var tag = replicas.getLast().order(id).header("ETag");
        var staff = TestIdentity.token("sofia", "staff");
        var answers = atOnce(List.<Callable<Replica.Answer>>of(
                () -> replicas.getLast().get("/orders/" + id, staff, "If-None-Match", tag, "Prefer", "wait=10"),
                () -> replicas.getFirst().post("/orders/" + id + "/shipment", staff, "")));
        assertThat(answers.getFirst().status()).isEqualTo(200);
        assertThat(answers.getFirst().text("status")).isEqualTo("SHIPPED");
    }

    @Test
    void theAuditFindsWhatDoesNotAgree() {
        around.catalog.sells("A-1", "1.00", 10);
        var shop = around.start();
        var id = shop.place("ana", "A-1", 1, "tok_good", "Prefer", "wait=10").id();
        balances(shop);
        around.payments.chargesForNobody("nobody");
        around.payments.chargesForNobody(id.toString());
        var stray = UUID.randomUUID();
        around.catalog.holdsForNobody(stray.toString());
        var report = shop.get("/audit", TestIdentity.token("staff", "staff"));
        assertThat(report.json().get("balanced").asBoolean()).isFalse();
        assertThat(report.json().path("discrepancies").findValuesAsString("kind"))
                .containsExactlyInAnyOrder("PAYMENT", "PAYMENT_WITHOUT_ORDER", "STOCK_WITHOUT_ORDER");
        assertThat(report.json().path("discrepancies").findValuesAsString("reference"))
                .containsExactlyInAnyOrder(id.toString(), "nobody", stray.toString());
    }
}
