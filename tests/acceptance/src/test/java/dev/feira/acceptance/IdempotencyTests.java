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

    /** Orders under way at a time: enough to meet, few enough for a small machine. */
    private static final int AT_ONCE = 16;

    @Test
    void aRepeatedOrderIsAnsweredByteForByte() {
        var customer = Person.registered();
        var sku = Market.productWithStock(9);
        var key = Market.newKey();
        var body = Market.order(sku, 1, Card.APPROVED.token());

        var first = customer.order(key, body, 5).expect(201);
        customer.endOf(first.at("/id"), Feira.ENDING);
        var second = customer.order(key, body, 0);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.bytes()).isEqualTo(first.bytes());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(customer.get("/api/orders").items("/id")).containsExactly(first.at("/id"));
        assertThat(Market.available(sku)).isEqualTo(8);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        var customer = Person.registered();
        var sku = Market.productWithStock(9);
        var key = Market.newKey();
        var token = Card.APPROVED.token();
        customer.order(key, Market.order(sku, 1, token), 5).expect(201);

        customer.order(key, Market.order(sku, 2, token), 0).expectProblem(422, "idempotency-key-reused");

        assertThat(customer.get("/api/orders").items("/id")).hasSize(1);
    }

    @Test
    void anOrderWithoutAKeyIsRefused() {
        var customer = Person.registered();
        var body = Market.order("TEST-ANY", 1, "tok_any");

        customer.post("/api/orders", body).expectProblem(400, "idempotency-key-missing");
        var spaced = Http.patiently(customer.as(Http.json("/api/orders", "POST", body))
                .header("Idempotency-Key", "a key with spaces")
                .build());
        assertThat(spaced.status()).as(spaced::text).isEqualTo(400);
        customer.order("k".repeat(101), body, 0).expect(400);
    }

    @Test
    void twoCustomersMayUseTheSameKey() {
        var sku = Market.productWithStock(2);
        var key = Market.newKey();
        var token = Card.APPROVED.token();

        var first =
                Person.registered().order(key, Market.order(sku, 1, token), 5).expect(201);
        var second =
                Person.registered().order(key, Market.order(sku, 1, token), 5).expect(201);

        assertThat(second.at("/id")).isNotEqualTo(first.at("/id"));
        assertThat(Market.available(sku)).isZero();
    }

    /** {@code -Dfeira.idempotency.keys=1000} for the long run. */
    @Test
    void eachKeyMakesOneOrderHoweverOftenAndSimultaneouslyItIsSent() throws Exception {
        var keys = Feira.times("feira.idempotency.keys", 40);
        var customer = Person.registered();
        var sku = Market.productWithStock(keys);
        var token = Card.APPROVED.token();
        var requests = new ArrayList<Callable<Optional<Answer>>>();
        var repeats = new ArrayList<Callable<Optional<Answer>>>();
        for (var i = 0; i < keys; i++) {
            var key = Market.newKey();
            var body = Market.order(sku, 1, token);
            var copies = ThreadLocalRandom.current().nextInt(2, 6);
            // neighbours in the list, so that copies of one key meet each other
            IntStream.range(0, copies)
                    .forEach(copy -> requests.add(() -> Optional.of(acknowledged(customer, key, body))));
            repeats.add(() -> Optional.of(acknowledged(customer, key, body)));
        }
        var sent = requests.size();
        if (Feira.isEmbedded()) {
            requests.add(sent / 2, () -> {
                var replica = Feira.embedded().instances(Service.ORDER).getLast();
                Feira.embedded().kill(replica);
                Feira.embedded().restart(replica);
                return Optional.empty();
            });
        }

        var answers = answers(requests);
        assertThat(answers).hasSize(sent);
        if (Feira.isEmbedded()) { // nothing of an answer may be in a process alone
            for (var replica : Feira.embedded().instances(Service.ORDER)) {
                Feira.embedded().kill(replica);
                Feira.embedded().restart(replica);
            }
        }
        answers.addAll(answers(repeats));

        assertThat(answers).hasSize(sent + keys);
        assertThat(answers.stream().distinct()).as("answers byte by byte").hasSize(keys);
        assertThat(answers.stream().map(Answer::order).distinct()).hasSize(keys);
        assertThat(Orders.all(customer)).hasSize(keys);
        Orders.awaitEnd(customer, Feira.ENDING);
        assertThat(Market.available(sku)).isZero();
        Promise.kept(
                3,
                "%d keys, %d requests, %d orders, answers equal byte by byte%s",
                keys,
                sent + keys,
                keys,
                Feira.isEmbedded()
                        ? ", a replica killed meanwhile, and each key sent once more after both were started anew"
                        : "");
    }

    private static List<Answer> answers(List<Callable<Optional<Answer>>> requests) throws Exception {
        var answers = new ArrayList<Answer>();
        try (var threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (var answer : threads.invokeAll(requests)) {
                answer.get().ifPresent(answers::add);
            }
        }
        return answers;
    }

    /** @param text the whole body */
    private record Answer(String key, String order, Optional<String> location, Optional<String> tag, String text) {}

    /** In flight elsewhere (409) means: ask again. */
    private static Answer acknowledged(Person customer, String key, String body) {
        var answer = await("the answer to key " + key)
                .atMost(Feira.ENDING)
                .pollDelay(Duration.ZERO)
                .until(() -> customer.order(key, body, 0), reply -> reply.status() != 409 || !inFlight(reply))
                .expect(201);
        return new Answer(key, answer.at("/id"), answer.header("Location"), answer.header("ETag"), answer.text());
    }

    private static boolean inFlight(Reply reply) {
        reply.expectProblem(409, "idempotency-key-in-flight");
        return true;
    }
}
