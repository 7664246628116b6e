package dev.feira.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feira.test.PostgresConfiguration;
import dev.feira.test.RawRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Tests the provider's API on two replicas with one database. */
class PaymentSimulatorTests {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static final JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();
    private static final ShopWebhook webhook = new ShopWebhook();
    private static Simulator first;
    private static Simulator second;
    private static Shop shop;
    private static Shop other;

    private final String order = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        first = new Simulator(database, webhook.url());
        second = new Simulator(database, webhook.url());
        shop = new Shop(first.port());
        other = new Shop(second.port());
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        webhook.close();
    }

    @Test
    void readsQueryThatBrowsersSendUnencoded() throws IOException {
        assertThat(RawRequest.get(first.port(), "/cards?x=a|b[c]")).startsWith("HTTP/1.1 200 ");
    }

    // --- cards

    @Test
    void chargesApprovedCardImmediately() {
        var charge = shop.charge(order, "12.30", shop.token("4242 4242 4242 4242"));

        assertThat(charge.status()).isEqualTo(201);
        assertThat(charge.text("/status")).isEqualTo("SUCCEEDED");
        assertThat(charge.text("/reference")).isEqualTo(order);
        assertThat(charge.text("/brand")).isEqualTo("Visa");
        assertThat(charge.text("/last4")).isEqualTo("4242");
        assertThat(charge.text("/amount/amount")).isEqualTo("12.30");
        assertThat(shop.get("/charges?reference=" + order).body().at("/items")).hasSize(1);
        assertThat(shop.get("/charges/" + charge.text("/id")).body()).isEqualTo(charge.body());
    }

    @Test
    void declinesCardWithReason() {
        var charge = shop.charge(order, "12.30", shop.token("4000 0000 0000 0002"));

        assertThat(charge.status()).isEqualTo(201);
        assertThat(charge.text("/status")).isEqualTo("DECLINED");
        assertThat(charge.text("/declineReason")).isEqualTo("card-declined");
        assertThat(ledgerOf(order)).isEmpty();
    }

    @Test
    void chargesLateCardImmediatelyAndRespondsLate() throws Exception {
        var token = shop.token("4000 0000 0000 0309");
        var key = UUID.randomUUID().toString();
        var start = Instant.now();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var response = threads.submit(() -> shop.charge(key, order, "5.00", token));
            await().atMost(SOON).until(() -> !ledgerOf(order).isEmpty());
            assertThat(response.isDone()).isFalse();
            assertThat(response.get().text("/status")).isEqualTo("SUCCEEDED");
        }
        assertThat(Duration.between(start, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(1500));
        assertThat(other.charge(key, order, "5.00", token).replayed()).isEqualTo("true");
    }

    @Test
    void returns500TwiceThenChargesFailingCard() {
        var token = shop.token("4000 0000 0000 5001");
        var key = UUID.randomUUID().toString();

        assertThat(shop.charge(key, order, "5.00", token).status()).isEqualTo(500);
        assertThat(other.charge(key, order, "5.00", token).status()).isEqualTo(500);
        assertThat(shop.get("/charges?reference=" + order).body().at("/items")).isEmpty();
        assertThat(shop.charge(key, order, "5.00", token).text("/status")).isEqualTo("SUCCEEDED");
        assertThat(ledgerOf(order)).hasSize(1);
    }

    @Test
    void chargesCardAndClosesTheConnectionWithoutResponse() throws IOException {
        var token = shop.token("4000 0000 0000 0994");
        var body = """
                {"reference": "%s", "amount": {"amount": "5.00", "currency": "EUR"}, "token": "%s"}""".formatted(order, token);
        var response = new ByteArrayOutputStream();

        try (var socket = new Socket("localhost", first.port())) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write("""
                            POST /charges HTTP/1.1\r
                            Host: localhost\r
                            Authorization: Bearer %s\r
                            Idempotency-Key: %s\r
                            Content-Type: application/json\r
                            Content-Length: %d\r
                            \r
                            %s""".formatted(Shop.API_KEY, order, body.length(), body)
                    .getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().transferTo(response);
        }

        assertThat(response.size()).as("bytes of a response").isZero();
        var repeated = other.charge(order, order, "5.00", token);
        assertThat(repeated.text("/status")).isEqualTo("SUCCEEDED");
        assertThat(repeated.replayed()).isEqualTo("true");
        assertThat(ledgerOf(order)).hasSize(1);
    }

    @Test
    void approvesPendingChargeAndSendsSignedWebhook() {
        var charge = shop.charge(order, "7.00", shop.token("4000 0000 0000 0101"));
        assertThat(charge.text("/status")).isEqualTo("PENDING");

        await().atMost(SOON).until(() -> webhook.about(order).size() == 1);

        var event = webhook.about(order).getFirst();
        assertThat(event.isSignedBy(ShopWebhook.SECRET)).isTrue();
        assertThat(event.isSignedBy("another-secret")).isFalse();
        assertThat(event.text("/type")).isEqualTo("charge.succeeded");
        assertThat(event.text("/chargeId")).isEqualTo(charge.text("/id"));
        assertThat(event.text("/amount/amount")).isEqualTo("7.00");
        assertThat(shop.get("/charges/" + charge.text("/id")).text("/status")).isEqualTo("SUCCEEDED");
        assertThat(ledgerOf(order)).hasSize(1);
    }

    @Test
    void declinesPendingChargeAndSendsWebhookWithReason() {
        shop.charge(order, "7.00", shop.token("4000 0000 0000 0440"));

        await().atMost(SOON).until(() -> webhook.about(order).size() == 1);

        var event = webhook.about(order).getFirst();
        assertThat(event.text("/type")).isEqualTo("charge.failed");
        assertThat(event.text("/declineReason")).isEqualTo("card-declined");
        assertThat(ledgerOf(order)).isEmpty();
    }

    @Test
    void sendsEventTwiceAndChargesOnce() {
        shop.charge(order, "7.00", shop.token("4000 0000 0000 0200"));

        await().atMost(SOON).until(() -> webhook.about(order).size() == 2);

        assertThat(webhook.about(order))
                .extracting(event -> event.text("/id"))
                .containsOnly(webhook.about(order).getFirst().text("/id"));
        assertThat(ledgerOf(order)).hasSize(1);
    }

    @Test
    void retriesRejectedWebhook() {
        webhook.rejectNext(500, 404, 302);
        shop.charge(order, "7.00", shop.token("4000 0000 0000 0101"));

        await().atMost(SOON).until(() -> webhook.about(order).size() >= 2);
        // events of other tests may have been rejected instead; all events arrive in the end
        await().atMost(SOON).until(() -> undelivered() == 0);

        assertThat(webhook.about(order))
                .extracting(event -> event.text("/id"))
                .containsOnly(webhook.about(order).getFirst().text("/id"));
    }

    // --- tokens

    @Test
    void returnsBrandAndLastDigitsAndStoresNoCardNumber() throws Exception {
        var reply = shop.post("/tokens", null, null, """
                {"cardNumber": "5555-5555-5555-4444", "expiry": "12/40", "cvc": "1234"}""");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text("/brand")).isEqualTo("Mastercard");
        assertThat(reply.text("/last4")).isEqualTo("4444");
        assertThat(reply.text("/token")).startsWith("tok_").hasSize(28);
        try (var connection = DriverManager.getConnection(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword());
                var rows = connection.createStatement().executeQuery("select t::text from card_token t")) {
            while (rows.next()) {
                assertThat(rows.getString(1)).doesNotContain("5555");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4242424242424243, 12/40, 123, cardNumber",
        "4242, 12/40, 123, cardNumber",
        "4242424242424242, 13/40, 123, expiry",
        "4242424242424242, 01/20, 123, expiry",
        "4242424242424242, 12/40, 12, cvc"
    })
    void namesInvalidFieldOfACard(String number, String expiry, String cvc, String field) {
        var reply = shop.post("/tokens", null, null, """
                {"cardNumber": "%s", "expiry": "%s", "cvc": "%s"}""".formatted(number, expiry, cvc));

        assertProblem(reply, 400, "invalid-request");
        assertThat(reply.text("/errors/0/field")).isEqualTo(field);
        assertThat(reply.body().toString()).doesNotContain(number.length() > 4 ? number : "tok_");
    }

    @Test
    void rejectsCardThatIsNotATestCard() {
        var reply = shop.post("/tokens", null, null, """
                {"cardNumber": "4111 1111 1111 1111", "expiry": "12/40", "cvc": "123"}""");

        assertProblem(reply, 422, "unknown-card");
    }

    @Test
    void listsTestCardsWithoutApiKey() {
        var cards = shop.get("/cards", null);

        assertThat(cards.status()).isEqualTo(200);
        assertThat(cards.body().at("/items")).hasSize(9);
        assertThat(cards.text("/items/0/number")).isEqualTo("4242 4242 4242 4242");
        assertThat(cards.text("/items/3/description")).isEqualTo("Approved; the response takes 1500 ms");
    }

    // --- idempotency

    @Test
    void chargesOnceForConcurrentRequestsWithOneKey() throws Exception {
        var token = shop.token("4242424242424242");
        var key = UUID.randomUUID().toString();
        var replies = new ArrayList<Shop.Reply>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 20)
                    .<Callable<Shop.Reply>>mapToObj(
                            i -> () -> (i % 2 == 0 ? shop : other).charge(key, order, "3.00", token))
                    .toList();
            for (var call : threads.invokeAll(calls)) {
                replies.add(call.get());
            }
        }

        assertThat(replies).extracting(Shop.Reply::status).containsOnly(201);
        assertThat(replies)
                .extracting(Shop.Reply::body)
                .containsOnly(replies.getFirst().body());
        assertThat(replies)
                .filteredOn(reply -> reply.replayed().equals("false"))
                .hasSize(1);
        assertThat(ledgerOf(order)).hasSize(1);
    }

    @Test
    void rejectsKeyOfAnotherCharge() {
        var token = shop.token("4242424242424242");
        var key = UUID.randomUUID().toString();
        shop.charge(key, order, "3.00", token);

        assertProblem(shop.charge(key, order, "3.01", token), 422, "idempotency-key-reused");
        assertProblem(shop.charge(key, order + "x", "3.00", token), 422, "idempotency-key-reused");
        assertThat(ledgerOf(order)).hasSize(1);
    }

    /** PostgreSQL rejects these in text. */
    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800"})
    void rejectsCharacterThatTheDatabaseCannotStore(String character) {
        assertProblem(shop.charge("a" + character, "3.00", "tok_x"), 400, "invalid-request");
        assertProblem(shop.charge("a", "3.00", "tok_x" + character), 400, "invalid-request");
        assertProblem(shop.get("/charges?reference=a%00"), 400, "invalid-request");
        assertProblem(shop.get("/refunds?reference=a%00"), 400, "invalid-request");
    }

    @Test
    void rejectsChargeWithoutIdempotencyKey() {
        var body = """
                {"reference": "r", "amount": {"amount": "3.00", "currency": "EUR"}, "token": "tok_x"}""";

        assertProblem(shop.post("/charges", Shop.API_KEY, null, body), 400, "idempotency-key-missing");
        assertProblem(shop.post("/charges", Shop.API_KEY, "k".repeat(101), body), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource({"0.00, EUR", "-1.00, EUR", "1.5, EUR", "1e3, EUR", "999999999.00, EUR", "5.00, USD"})
    void rejectsInvalidAmount(String amount, String currency) {
        var body = """
                {"reference": "r", "amount": {"amount": "%s", "currency": "%s"}, "token": "tok_x"}""".formatted(amount, currency);

        assertProblem(shop.post("/charges", Shop.API_KEY, "key", body), 400, "invalid-request");
    }

    @Test
    void rejectsUnknownTokenWithoutUsingTheKey() {
        var key = UUID.randomUUID().toString();

        assertProblem(shop.charge(key, order, "3.00", "tok_unknown"), 422, "unknown-token");
        assertThat(shop.charge(key, order, "3.00", shop.token("4242424242424242"))
                        .status())
                .isEqualTo(201);
    }

    // --- refunds and cancellation

    @Test
    void refundsOncePerKeyAndSendsWebhook() {
        var charge = shop.charge(order, "10.00", shop.token("4242424242424242")).text("/id");
        var key = UUID.randomUUID().toString();

        var refund = shop.refund(key, charge, "10.00");
        var again = other.refund(key, charge, "10.00");

        assertThat(refund.status()).isEqualTo(201);
        assertThat(refund.text("/status")).isEqualTo("SUCCEEDED");
        assertThat(again.body()).isEqualTo(refund.body());
        assertThat(shop.get("/refunds?reference=" + order).body().at("/items")).hasSize(1);
        assertThat(shop.get("/charges/" + charge).text("/refunded/amount")).isEqualTo("10.00");
        assertThat(ledgerOf(order)).containsExactly("CHARGE 10.00", "REFUND 10.00");
        assertProblem(shop.refund(key, charge, "9.00"), 422, "idempotency-key-reused");
        await().atMost(SOON).until(() -> webhook.about(order).size() == 1);
        assertThat(webhook.about(order).getFirst().text("/type")).isEqualTo("refund.succeeded");
    }

    @Test
    void limitsConcurrentRefundsToTheCharge() throws Exception {
        var charge = shop.charge(order, "10.00", shop.token("4242424242424242")).text("/id");
        var statuses = new ArrayList<Integer>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 12)
                    .<Callable<Shop.Reply>>mapToObj(i -> () ->
                            (i % 2 == 0 ? shop : other).refund(UUID.randomUUID().toString(), charge, "3.00"))
                    .toList();
            for (var call : threads.invokeAll(calls)) {
                statuses.add(call.get().status());
            }
        }

        assertThat(statuses).filteredOn(status -> status == 201).hasSize(3);
        assertThat(statuses).filteredOn(status -> status == 422).hasSize(9);
        assertThat(shop.get("/charges/" + charge).text("/refunded/amount")).isEqualTo("9.00");
    }

    @Test
    void rejectsRefundOfADeclinedCharge() {
        var declined =
                shop.charge(order, "10.00", shop.token("4000000000000002")).text("/id");

        assertProblem(shop.refund("a", declined, "10.00"), 409, "charge-in-wrong-state");
        assertProblem(shop.refund("b", UUID.randomUUID().toString(), "10.00"), 404, "charge-not-found");
    }

    @Test
    void cancelsPendingChargeWhichNeverSettles() {
        var charge = shop.charge(order, "7.00", shop.token("4000000000000101")).text("/id");
        var later = shop.charge(order + "-later", "7.00", shop.token("4000000000000101"));

        var cancelled = shop.post("/charges/" + charge + "/cancellation", Shop.API_KEY, null, "");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.text("/status")).isEqualTo("CANCELLED");

        // after a later charge is settled, the cancelled one is overdue as well
        await().atMost(SOON)
                .until(() -> "SUCCEEDED"
                        .equals(shop.get("/charges/" + later.text("/id")).text("/status")));
        assertThat(shop.get("/charges/" + charge).text("/status")).isEqualTo("CANCELLED");
        assertThat(ledgerOf(order)).isEmpty();
        var tooLate = shop.post("/charges/" + later.text("/id") + "/cancellation", Shop.API_KEY, null, "");
        assertProblem(tooLate, 409, "charge-in-wrong-state");
        assertThat(tooLate.text("/chargeStatus")).isEqualTo("SUCCEEDED");
    }

    // --- ledger and key

    @Test
    void listsTheLedgerInPages() {
        var token = shop.token("4242424242424242");
        for (var i = 0; i < 5; i++) {
            shop.charge(order, "1.0" + i, token);
        }

        assertThat(ledgerOf(order))
                .containsExactly("CHARGE 1.00", "CHARGE 1.01", "CHARGE 1.02", "CHARGE 1.03", "CHARGE 1.04");
        assertProblem(shop.get("/ledger?after=x"), 400, "invalid-request");
        assertProblem(shop.get("/ledger?limit=0"), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource({
        "/charges?reference=x",
        "/charges/3e0b9a5c-6f6e-4b52-9d4b-0d7b5f9c0001",
        "/refunds?reference=x",
        "/ledger",
        "/tokens",
        "/cards/",
        "/cards;x=1",
        "//cards",
        "/openapi.json",
        "/error",
        "/nothing"
    })
    void requiresApiKeyExceptForTokensAndCards(String path) {
        assertProblem(shop.get(path, null), 401, "unauthenticated");
        assertProblem(shop.get(path, "a-wrong-key-0123456789"), 401, "unauthenticated");
    }

    @ParameterizedTest
    @CsvSource({
        "feira.payments.api-key, ''",
        "feira.payments.api-key, fifteen-letters",
        "feira.payments.webhook.secret, ''",
        "feira.payments.webhook.secret, fifteen-letters"
    })
    void failsTheStartWithoutPrintingMissingOrWeakSecret(String property, String value) {
        assertThatThrownBy(() -> new Simulator(database, webhook.url(), "--" + property + "=" + value).close())
                .hasStackTraceContaining(property)
                .hasStackTraceContaining(value.isEmpty() ? "is missing" : "is too short")
                .satisfies(e -> {
                    for (var cause = e; cause != null; cause = cause.getCause()) {
                        assertThat(String.valueOf(cause.getMessage())).doesNotContain("fifteen-letters");
                    }
                });
    }

    @Test
    void startsWithoutDatabaseAndReturns503() {
        try (var alone = new Simulator(
                PostgresConfiguration.nowhere(),
                webhook.url(),
                "--feira.database.migration-wait=100ms",
                "--spring.datasource.hikari.connection-timeout=500")) {
            assertProblem(new Shop(alone.port()).get("/ledger"), 503, "database-unavailable");
        }
    }

    private static void assertProblem(Shop.Reply reply, int status, String kind) {
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(status);
        assertThat(reply.contentType()).startsWith("application/problem+json");
        assertThat(reply.text("/type")).isEqualTo("urn:feira:problem:" + kind);
    }

    /** Returns the ledger entries of one order, read in small pages. */
    private static ArrayList<String> ledgerOf(String reference) {
        var entries = new ArrayList<String>();
        var after = "0";
        while (after != null) {
            var page = shop.get("/ledger?limit=3&after=" + after);
            assertThat(page.status()).isEqualTo(200);
            for (var entry : page.body().at("/items")) {
                if (entry.at("/reference").asString().equals(reference)) {
                    entries.add(entry.at("/kind").asString() + " "
                            + entry.at("/amount/amount").asString());
                }
            }
            after = page.text("/nextCursor");
        }
        return entries;
    }

    private static int undelivered() throws Exception {
        try (var connection = DriverManager.getConnection(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword());
                var rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from webhook_delivery where delivered_at is null")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
