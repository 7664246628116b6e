package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.local.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One key, one order. */
@AcceptanceTest
class IdempotencyTests {

    /** Enough for requests with one key to overlap. */
    private static final int CONCURRENCY = 16;

    @Test
    void repeatsTheResponseByteForByte() {
        var customer = TestUser.registered();
        var sku = Products.createWithStock(9);
        var key = Orders.newIdempotencyKey();
        var body = Orders.request(sku, 1, Card.APPROVED.token());

        var first = customer.placeOrder(key, body, 5).expect(201);
        customer.awaitFinalStatus(first.at("/id"), TestPlatform.COMPLETION_DEADLINE);
        var second = customer.placeOrder(key, body, 0);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.bytes()).isEqualTo(first.bytes());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(customer.get("/api/orders").items("/id")).containsExactly(first.at("/id"));
        assertThat(Products.available(sku)).isEqualTo(8);
    }

    @Test
    void rejectsUsedKeyWithAnotherBody() {
        var customer = TestUser.registered();
        var sku = Products.createWithStock(9);
        var key = Orders.newIdempotencyKey();
        var token = Card.APPROVED.token();
        customer.placeOrder(key, Orders.request(sku, 1, token), 5).expect(201);

        customer.placeOrder(key, Orders.request(sku, 2, token), 0).expectProblem(422, "idempotency-key-reused");

        assertThat(customer.get("/api/orders").items("/id")).hasSize(1);
    }

    @Test
    void rejectsMissingOrMalformedKey() {
        var customer = TestUser.registered();
        var body = Orders.request("TEST-ANY", 1, "tok_any");

        customer.post("/api/orders", body).expectProblem(400, "idempotency-key-missing");
        var spaced =
                customer.send(Http.json("/api/orders", "POST", body).header("Idempotency-Key", "a key with spaces"));
        assertThat(spaced.status()).as(spaced::text).isEqualTo(400);
        customer.placeOrder("k".repeat(101), body, 0).expect(400);
    }

    @Test
    void separatesTheKeysOfTwoCustomers() {
        var sku = Products.createWithStock(2);
        var key = Orders.newIdempotencyKey();
        var token = Card.APPROVED.token();

        var first = TestUser.registered()
                .placeOrder(key, Orders.request(sku, 1, token), 5)
                .expect(201);
        var second = TestUser.registered()
                .placeOrder(key, Orders.request(sku, 1, token), 5)
                .expect(201);

        assertThat(second.at("/id")).isNotEqualTo(first.at("/id"));
        assertThat(Products.available(sku)).isZero();
    }

    /** {@code -Dfeira.idempotency.keys=1000} for the long run. */
    @Test
    void createsOneOrderPerKeyForRepeatedAndConcurrentRequests() throws Exception {
        var keys = TestPlatform.setting("feira.idempotency.keys", 40);
        var customer = TestUser.registered();
        var sku = Products.createWithStock(keys);
        var token = Card.APPROVED.token();
        var requests = new ArrayList<Callable<Optional<Acknowledgement>>>();
        var repeats = new ArrayList<Callable<Optional<Acknowledgement>>>();
        for (var i = 0; i < keys; i++) {
            var key = Orders.newIdempotencyKey();
            var body = Orders.request(sku, 1, token);
            var copies = ThreadLocalRandom.current().nextInt(2, 6);
            // next to each other, so that the copies of one key overlap
            IntStream.range(0, copies)
                    .forEach(copy -> requests.add(() -> Optional.of(placeOrder(customer, key, body))));
            repeats.add(() -> Optional.of(placeOrder(customer, key, body)));
        }
        var sent = requests.size();
        if (TestPlatform.isEmbedded()) {
            requests.add(sent / 2, () -> {
                var replica = TestPlatform.embedded().instances(Service.ORDER).getLast();
                TestPlatform.embedded().kill(replica);
                TestPlatform.embedded().restart(replica);
                return Optional.empty();
            });
        }

        var acknowledgements = sendAll(requests);
        assertThat(acknowledgements).hasSize(sent);
        if (TestPlatform.isEmbedded()) { // no response may be stored in a process only
            for (var replica : TestPlatform.embedded().instances(Service.ORDER)) {
                TestPlatform.embedded().kill(replica);
                TestPlatform.embedded().restart(replica);
            }
        }
        acknowledgements.addAll(sendAll(repeats));

        assertThat(acknowledgements).hasSize(sent + keys);
        assertThat(acknowledgements.stream().distinct())
                .as("distinct responses")
                .hasSize(keys);
        assertThat(acknowledgements.stream().map(Acknowledgement::order).distinct())
                .hasSize(keys);
        assertThat(Orders.statuses(customer)).hasSize(keys);
        Orders.awaitFinalStatuses(customer, TestPlatform.COMPLETION_DEADLINE);
        assertThat(Products.available(sku)).isZero();
        PromiseResults.record(
                3,
                "%d keys, %d requests, %d orders, responses equal byte by byte%s",
                keys,
                sent + keys,
                keys,
                TestPlatform.isEmbedded()
                        ? ", one replica killed during the run, each key repeated after both had restarted"
                        : "");
    }

    private static List<Acknowledgement> sendAll(List<Callable<Optional<Acknowledgement>>> requests) throws Exception {
        var acknowledgements = new ArrayList<Acknowledgement>();
        try (var threads =
                Executors.newFixedThreadPool(CONCURRENCY, Thread.ofVirtual().factory())) {
            for (var result : threads.invokeAll(requests)) {
                result.get().ifPresent(acknowledgements::add);
            }
        }
        return acknowledgements;
    }

    /** Identifies a response; {@code text} is its body. */
    private record Acknowledgement(
            String key, String order, Optional<String> location, Optional<String> tag, String text) {}

    /** Repeats while another request with the key is in flight (409). */
    private static Acknowledgement placeOrder(TestUser customer, String key, String body) {
        var response = await("the response to key " + key)
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .pollDelay(Duration.ZERO)
                .until(() -> customer.placeOrder(key, body, 0), it -> it.status() != 409 || !inFlight(it))
                .expect(201);
        return new Acknowledgement(
                key, response.at("/id"), response.header("Location"), response.header("ETag"), response.text());
    }

    private static boolean inFlight(Response response) {
        response.expectProblem(409, "idempotency-key-in-flight");
        return true;
    }
}
