package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two replicas on one database. */
class ReplicasTests {

    private static TestEnvironment environment;
    private static List<Replica> replicas;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        replicas = List.of(environment.start(), environment.start());
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    private static <T> List<T> concurrently(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void createsOneOrderForConcurrentRequestsWithTheSameKey() throws Exception {
        environment.catalog.sells("ONE-KEY", "1.00", 10_000);
        var token = TestIdentity.token("one-key", "customer");
        for (var round = 0; round < 30; round++) {
            var key = "round-" + round;
            var wait = round % 3 == 0 ? "wait=5" : "wait=0";
            var responses = concurrently(IntStream.range(0, 5)
                    .<Callable<Replica.Response>>mapToObj(i -> () -> replicas.get(i % 2)
                            .post(
                                    "/orders",
                                    token,
                                    Replica.order("ONE-KEY", 1, "tok_good"),
                                    "Idempotency-Key",
                                    key,
                                    "Prefer",
                                    wait))
                    .toList());
            assertThat(responses)
                    .extracting(Replica.Response::status)
                    .contains(201)
                    .isSubsetOf(201, 409);
            assertThat(responses.stream().filter(a -> a.status() == 409).map(Replica.Response::problem))
                    .allMatch("idempotency-key-in-flight"::equals);
            var last = replicas.get(round % 2)
                    .post("/orders", token, Replica.order("ONE-KEY", 1, "tok_good"), "Idempotency-Key", key);
            assertThat(last.status()).isEqualTo(201);
            for (var response : responses) {
                if (response.status() == 201) {
                    assertThat(response.body()).isEqualTo(last.body());
                    assertThat(response.header("ETag")).isEqualTo(last.header("ETag"));
                    assertThat(response.header("Location")).isEqualTo(last.header("Location"));
                }
            }
        }
        var orders = replicas.getFirst().get("/orders?limit=100", token).json().path("items");
        assertThat(orders).hasSize(30);
        replicas.getFirst().awaitBalanced();
    }

    @Test
    void comparesBodiesByContentUnderTheSameKey() {
        environment.catalog.sells("BODY", "1.00", 10);
        var shop = replicas.getFirst();
        var token = TestIdentity.token("ana", "customer");
        var body = Replica.order("BODY", 1, "tok_good");
        var first = shop.post("/orders", token, body, "Idempotency-Key", "k");
        var other = shop.post("/orders", token, Replica.order("BODY", 2, "tok_good"), "Idempotency-Key", "k");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        var respelled = body.replace("\n", " ")
                .replace("Ana S\u00e1", "Ana S\\u00e1")
                .replace("\"sku\":\"BODY\",\"quantity\":1", "\"quantity\" : 1 , \"sku\":\"BODY\"");
        assertThat(respelled).isNotEqualTo(body);
        assertThat(shop.post("/orders", token, respelled, "Idempotency-Key", "k")
                        .body())
                .isEqualTo(first.body());
        // the same value of another customer is another key
        assertThat(shop.post("/orders", TestIdentity.token("bruno", "customer"), body, "Idempotency-Key", "k")
                        .id())
                .isNotEqualTo(first.id());
    }

    @Test
    void sellsExactlyTheAvailableUnitsTo64ConcurrentBuyers() throws Exception {
        for (var round = 0; round < 3; round++) {
            var sku = "RACE-" + round;
            environment.catalog.sells(sku, "1.00", 10);
            var responses = concurrently(IntStream.range(0, 64)
                    .<Callable<UUID>>mapToObj(i -> () -> replicas.get(i % 2).placed("buyer-" + i, sku, 1, "tok_good"))
                    .toList());
            var results = responses.stream()
                    .map(id -> await().atMost(Duration.ofSeconds(60))
                            .until(
                                    () -> replicas.getFirst().order(id).text("status"),
                                    Set.of("CONFIRMED", "REJECTED")::contains))
                    .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
            assertThat(results).containsEntry("CONFIRMED", 10L).containsEntry("REJECTED", 54L);
            assertThat(environment.catalog.available(sku)).isZero();
        }
        replicas.getFirst().awaitBalanced();
    }

    @Test
    void cancelsOrderAtAnyMomentAndBalances() throws Exception {
        environment.catalog.sells("CANCELLED", "1.00", 1000);
        var outcomes = ConcurrentHashMap.<String>newKeySet();
        var calls = IntStream.range(0, 60)
                .<Callable<UUID>>mapToObj(i -> () -> {
                    var id = replicas.getFirst().placed("ana", "CANCELLED", 1, i % 3 == 0 ? "tok_later" : "tok_good");
                    // at different moments of the saga: after a different number of reads
                    for (var look = 0; look < i % 7; look++) {
                        replicas.getLast().order(id);
                    }
                    outcomes.add(replicas.getLast().cancel(id, "ana").text("status"));
                    return id;
                })
                .toList();
        for (var id : concurrently(calls)) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(replicas.getFirst().order(id).text("status")).isEqualTo("CANCELLED");
                assertThat(environment.payments.kept(id)).isEqualByComparingTo(BigDecimal.ZERO);
            });
        }
        assertThat(outcomes).containsOnly("CANCELLED");
        replicas.getFirst().awaitBalanced();
        assertThat(environment.catalog.available("CANCELLED")).isEqualTo(1000);
    }
}
