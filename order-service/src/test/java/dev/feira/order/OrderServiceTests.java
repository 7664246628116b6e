package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.defaults.paging.CursorCodec;
import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.fixtures.Watch;
import dev.feira.test.TestIdentity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests the whole service on PostgreSQL, with other services that respond, reject, stall and return errors. */
class OrderServiceTests {

    private static TestEnvironment environment;
    private static Replica shop;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        shop = environment.start(List.of(Watch.class), "feira.orders.max-wait=14s");
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    @AfterEach
    void resetFaultsAndCheckAudit() {
        environment.catalog.healthy();
        environment.payments.healthy();
        environment.identity.healthy();
        shop.awaitBalanced();
    }

    private static void awaitNoOpenSteps() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shop.get("/audit", TestIdentity.token("staff", "staff"))
                                .json()
                                .get("underWay")
                                .asInt())
                        .isZero());
    }

    private static void awaitStatus(UUID id, String status) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shop.order(id).text("status")).isEqualTo(status));
    }

    private static void awaitPaymentStatus(UUID id, String status) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shop.order(id)
                                .json()
                                .path("payment")
                                .path("status")
                                .asString())
                        .isEqualTo(status));
    }

    @Test
    void confirmsOrder() {
        environment.catalog.sells("USUAL", "3.20", 10);
        var response = shop.place("ana", "USUAL", 2, "tok_good", "Prefer", "wait=10");
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.header("Location")).isEqualTo("/api/orders/" + response.id());
        assertThat(response.text("status")).isEqualTo("CONFIRMED");
        assertThat(response.json().at("/totals/gross/amount").asString()).isEqualTo("6.40");
        assertThat(response.json().at("/totals/net/amount").asString()).isEqualTo("6.04");
        assertThat(response.json().at("/totals/vat/amount").asString()).isEqualTo("0.36");
        assertThat(response.json().at("/lines/0/vatRate").asString()).isEqualTo("0.06");
        assertThat(response.json().at("/payment/last4").asString()).isEqualTo("4242");
        assertThat(response.json().path("timeline").findValuesAsString("type"))
                .containsExactly("PLACED", "STOCK_RESERVED", "PAYMENT_TAKEN", "CONFIRMED");
        assertThat(response.body()).doesNotContain("tok_good");
        assertThat(environment.catalog.available("USUAL")).isEqualTo(8);
        assertThat(environment.payments.kept(response.id())).isEqualTo("6.40");
        assertThat(shop.order(response.id()).body()).isEqualTo(response.body());
    }

    @Test
    void keepsVatRateOfThreeDigitsFromQuoteToRefund() {
        environment.catalog.sells("BREAD", "10.55", 10, "0.055");
        var quote = shop.post("/quotes", "", "{\"lines\":[{\"sku\":\"BREAD\",\"quantity\":3}]}");
        assertThat(quote.json().at("/lines/0/vatRate").asString()).isEqualTo("0.055");
        assertThat(quote.json().at("/totals/net/amount").asString()).isEqualTo("30.00");
        assertThat(quote.json().at("/totals/vat/amount").asString()).isEqualTo("1.65");

        var order = shop.place("ana", "BREAD", 3, "tok_good", "Prefer", "wait=10");

        assertThat(order.text("status")).isEqualTo("CONFIRMED");
        assertThat(order.json().at("/lines/0/vatRate").asString()).isEqualTo("0.055");
        assertThat(order.json().at("/totals")).isEqualTo(quote.json().at("/totals"));
        assertThat(shop.order(order.id()).body()).isEqualTo(order.body()); // as stored
        assertThat(environment.payments.kept(order.id())).isEqualTo("31.65");
        shop.cancel(order.id(), "ana");
        awaitPaymentStatus(order.id(), "REFUNDED");
        assertThat(environment.payments.kept(order.id())).isZero();
        shop.awaitBalanced();
    }

    @Test
    void rejectsOrderWithoutChargeWhenStockIsShort() {
        environment.catalog.sells("SCARCE", "1.00", 1);
        var response = shop.place("ana", "SCARCE", 2, "tok_good", "Prefer", "wait=10");
        assertThat(response.text("status")).isEqualTo("REJECTED");
        assertThat(response.json().at("/rejection/reason").asString()).isEqualTo("OUT_OF_STOCK");
        assertThat(response.json().at("/rejection/lines/0/available").asInt()).isEqualTo(1);
        assertThat(environment.payments.chargeStatus(response.id())).isEqualTo("none");
    }

    @Test
    void rejectsOrderAndReleasesStockWhenCardIsDeclined() {
        environment.catalog.sells("DECLINED", "1.00", 5);
        var response = shop.place("ana", "DECLINED", 2, "tok_declines", "Prefer", "wait=10");
        assertThat(response.json().at("/rejection/reason").asString()).isEqualTo("PAYMENT_DECLINED");
        assertThat(response.json().at("/payment/status").asString()).isEqualTo("DECLINED");
        await().untilAsserted(() ->
                assertThat(environment.catalog.available("DECLINED")).isEqualTo(5));
    }

    @Test
    void rejectsOrderWhenProviderDoesNotKnowCardToken() {
        environment.catalog.sells("UNKNOWN-TOKEN", "1.00", 5);
        var response = shop.place("ana", "UNKNOWN-TOKEN", 1, "tok_unknown", "Prefer", "wait=10");
        assertThat(response.json().at("/rejection/reason").asString()).isEqualTo("PAYMENT_DECLINED");
        await().untilAsserted(() ->
                assertThat(environment.catalog.available("UNKNOWN-TOKEN")).isEqualTo(5));
    }

    @Test
    void rejectsOrderWhenProductIsArchivedBeforeReservation() {
        environment.catalog.sells("LATE-ARCHIVED", "1.00", 5);
        environment.catalog.faults(
                (method, path) -> method.equals("PUT") ? LoopbackServer.BROKEN : LoopbackServer.NONE);
        var id = shop.placed("ana", "LATE-ARCHIVED", 1, "tok_good");
        environment.catalog.archives("LATE-ARCHIVED");
        environment.catalog.healthy();
        awaitStatus(id, "REJECTED");
        assertThat(shop.order(id).json().at("/rejection/reason").asString()).isEqualTo("PRODUCT_UNAVAILABLE");
    }

    @Test
    void returns422ForUnknownOrArchivedProductAndChangedPrice() {
        environment.catalog.sells("OLD", "1.00", 5);
        environment.catalog.archives("OLD");
        environment.catalog.sells("DEARER", "2.00", 5);
        assertThat(shop.place("ana", "NEVER-HEARD", 1, "tok_good").problem()).isEqualTo("unknown-product");
        assertThat(shop.place("ana", "OLD", 1, "tok_good").problem()).isEqualTo("product-archived");
        var body = Replica.order("DEARER", 1, "tok_good")
                .replaceFirst("}\\s*$", ",\"expectedTotal\":{\"amount\":\"1.90\",\"currency\":\"EUR\"}}");
        var response = shop.post("/orders", TestIdentity.token("ana", "customer"), body, "Idempotency-Key", "dearer-1");
        assertThat(response.status()).isEqualTo(422);
        assertThat(response.problem()).isEqualTo("price-changed");
        assertThat(response.json().at("/actualTotal/amount").asString()).isEqualTo("2.00");
        assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
        // a rejection is recorded as the response of its key
        environment.catalog.sells("DEARER", "1.90", 5);
        var again = shop.post("/orders", TestIdentity.token("ana", "customer"), body, "Idempotency-Key", "dearer-1");
        assertThat(again.body()).isEqualTo(response.body());
    }

    @Test
    void returns503AndKeepsKeyUnusedWhenCatalogIsDown() {
        environment.catalog.sells("OUTAGE", "1.00", 5);
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        var token = TestIdentity.token("ana", "customer");
        var body = Replica.order("OUTAGE", 1, "tok_good");
        var response = shop.post("/orders", token, body, "Idempotency-Key", "outage-1");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.problem()).isEqualTo("catalog-unavailable");
        assertThat(response.header("Retry-After")).isNotEmpty();
        environment.catalog.healthy();
        await().untilAsserted(() -> assertThat(shop.post("/orders", token, body, "Idempotency-Key", "outage-1")
                        .status())
                .isEqualTo(201));
    }

    @Test
    void returns503WithoutOrderWhenPricesArriveAfterDeadline() {
        environment.catalog.sells("TOO-LATE", "1.00", 5);
        environment.catalog.faults((method, path) -> {
            shop.bean(Watch.class).advances(Duration.ofSeconds(4));
            return LoopbackServer.NONE;
        });
        var body = Replica.order("TOO-LATE", 1, "tok_good");
        var token = TestIdentity.token("too-late", "customer");
        var response = shop.post("/orders", token, body, "Idempotency-Key", "too-late");
        assertThat(response.status()).isEqualTo(503);
        assertThat(shop.get("/orders", token).json().path("items")).isEmpty();
        environment.catalog.healthy();
        assertThat(shop.post("/orders", token, body, "Idempotency-Key", "too-late")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void confirmsOrderAfterPaymentOutage() {
        environment.catalog.sells("PAY-OUTAGE", "1.00", 5);
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var id = shop.placed("ana", "PAY-OUTAGE", 1, "tok_good");
        awaitStatus(id, "RESERVED");
        await().until(() -> environment.payments.requests("POST /charges") >= 3);
        assertThat(shop.order(id).text("status")).isEqualTo("RESERVED");
        environment.payments.healthy();
        awaitStatus(id, "CONFIRMED");
    }

    @Test
    void chargesOnceWhenChargeResponseIsLost() {
        environment.catalog.sells("CUT", "1.00", 5);
        var charges = new AtomicInteger();
        environment.payments.faults(
                (method, path) -> method.equals("POST") && path.equals("/charges") && charges.incrementAndGet() == 1
                        ? new Fault.Cuts(true)
                        : LoopbackServer.NONE);
        var id = shop.placed("ana", "CUT", 1, "tok_good");
        awaitStatus(id, "CONFIRMED");
        assertThat(charges.get()).isEqualTo(1);
        assertThat(environment.payments.kept(id)).isEqualTo("1.00");
    }

    @Test
    void repeatsChargeWhenChargeRequestIsLost() {
        environment.catalog.sells("CUT-BEFORE", "1.00", 5);
        var charges = new AtomicInteger();
        environment.payments.faults(
                (method, path) -> method.equals("POST") && path.equals("/charges") && charges.incrementAndGet() == 1
                        ? new Fault.Cuts(false)
                        : LoopbackServer.NONE);
        var id = shop.placed("ana", "CUT-BEFORE", 1, "tok_good");
        awaitStatus(id, "CONFIRMED");
        assertThat(charges.get()).isEqualTo(2);
        assertThat(environment.payments.kept(id)).isEqualTo("1.00");
    }

    @Test
    void chargesOnceWhenChargeTimesOut() {
        environment.catalog.sells("STALL", "1.00", 5);
        environment.payments.faults((method, path) ->
                method.equals("POST") && path.equals("/charges") ? new Fault.Stalls(true) : LoopbackServer.NONE);
        var id = shop.placed("ana", "STALL", 1, "tok_good");
        awaitStatus(id, "CONFIRMED");
        assertThat(environment.payments.kept(id)).isEqualTo("1.00");
    }

    @Test
    void ignoresChargeResponseWithOtherReferenceOrAmount() {
        environment.catalog.sells("LIE", "1.00", 5);
        environment.payments.faults((method, path) -> method.equals("POST") && path.equals("/charges")
                ? new Fault.Responds(false, 201, "application/json", """
                        {"id":"ch_lie","reference":"other","status":"SUCCEEDED","amount":{"amount":"0.01","currency":"EUR"}}""")
                : LoopbackServer.NONE);
        var id = shop.placed("ana", "LIE", 1, "tok_good");
        await().until(() -> environment.payments.requests("GET /charges?reference=" + id) >= 1);
        assertThat(shop.order(id).text("status")).isEqualTo("RESERVED");
        environment.payments.healthy();
        awaitStatus(id, "CONFIRMED");
    }

    @Test
    void confirmsPendingPaymentOnceForDuplicateWebhook() {
        environment.catalog.sells("PENDING", "1.00", 5);
        var id = shop.placed("ana", "PENDING", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        environment.payments.settles(id, true);
        var message = message(id, "charge.succeeded");
        assertThat(webhook(message, sign(message, Instant.now())).status()).isEqualTo(204);
        assertThat(webhook(message, sign(message, Instant.now())).status()).isEqualTo(204);
        awaitStatus(id, "CONFIRMED");
        assertThat(shop.order(id).json().path("timeline").findValuesAsString("type"))
                .containsExactly("PLACED", "STOCK_RESERVED", "PAYMENT_PENDING", "PAYMENT_TAKEN", "CONFIRMED");
    }

    @Test
    void findsDecidedPaymentWithoutWebhook() {
        environment.catalog.sells("NO-WEBHOOK", "1.00", 5);
        var id = shop.placed("ana", "NO-WEBHOOK", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        environment.payments.settles(id, false);
        awaitStatus(id, "REJECTED");
        await().untilAsserted(() ->
                assertThat(environment.catalog.available("NO-WEBHOOK")).isEqualTo(5));
    }

    @Test
    void checksProviderBeforeTrustingWebhook() {
        environment.catalog.sells("EARLY", "1.00", 5);
        var id = shop.placed("ana", "EARLY", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        var message = message(id, "charge.succeeded");
        assertThat(webhook(message, sign(message, Instant.now())).status()).isEqualTo(204);
        var asked = environment.payments.requests("GET /charges/");
        await().until(() -> environment.payments.requests("GET /charges/") > asked);
        assertThat(shop.order(id).text("status")).isEqualTo("RESERVED");
        environment.payments.settles(id, true);
        awaitStatus(id, "CONFIRMED");
    }

    @Test
    void returns401ForInvalidWebhookSignature() {
        var message = message(UUID.randomUUID(), "charge.succeeded");
        var now = Instant.now();
        for (var signature : new String[] {
            "",
            "t=1,v1=zz",
            sign(message + " ", now),
            sign(message, now).replace("v1=", "v0="),
            sign(message, now.minus(Duration.ofMinutes(6))),
            sign(message, now.plus(Duration.ofMinutes(6)))
        }) {
            var response = webhook(message, signature);
            assertThat(response.status()).as(signature).isEqualTo(401);
            assertThat(response.problem()).isEqualTo("invalid-signature");
        }
        assertThat(webhook("[1", sign("[1", now)).status()).isEqualTo(400);
        assertThat(webhook("{}", sign("{}", now)).status()).isEqualTo(400);
    }

    @Test
    void confirmsExpiredReservationWhenStockIsLeft() {
        environment.catalog.sells("EXPIRES", "1.00", 5);
        var id = shop.placed("ana", "EXPIRES", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        environment.catalog.expires(id);
        environment.payments.settles(id, true);
        awaitStatus(id, "CONFIRMED");
        assertThat(environment.catalog.available("EXPIRES")).isEqualTo(4);
    }

    @Test
    void refundsOrderWhenExpiredReservationCannotBeConfirmed() {
        environment.catalog.sells("GONE", "1.00", 1);
        var id = shop.placed("ana", "GONE", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        environment.catalog.expires(id);
        assertThat(shop.place("bruno", "GONE", 1, "tok_good", "Prefer", "wait=10")
                        .text("status"))
                .isEqualTo("CONFIRMED");
        environment.payments.settles(id, true);
        awaitStatus(id, "REJECTED");
        awaitPaymentStatus(id, "REFUNDED");
        assertThat(shop.order(id).json().at("/rejection/reason").asString()).isEqualTo("RESERVATION_EXPIRED");
        assertThat(environment.payments.kept(id)).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void ignoresConfirmationThatArrivesAfterRefund() throws InterruptedException {
        environment.catalog.sells("LATE-CONFIRM", "1.00", 1);
        var late = new Fault.Late();
        var confirmations = new AtomicInteger();
        environment.catalog.faults((method, path) -> !path.endsWith("/confirmation")
                ? LoopbackServer.NONE
                : confirmations.getAndIncrement() == 0 ? late : LoopbackServer.BROKEN);
        var id = shop.placed("ana", "LATE-CONFIRM", 1, "tok_good");
        await().until(() -> confirmations.get() > 0);
        environment.catalog.expires(id);
        environment.catalog.sells("LATE-CONFIRM", "1.00", 0);
        environment.catalog.healthy();
        awaitPaymentStatus(id, "REFUNDED");
        awaitNoOpenSteps();
        environment.catalog.sells("LATE-CONFIRM", "1.00", 1);
        late.arrives();
        assertThat(environment.catalog.reservation(id)).isEqualTo("RELEASED");
        assertThat(environment.catalog.available("LATE-CONFIRM")).isEqualTo(1);
    }

    @Test
    void ignoresReservationThatArrivesAfterRejection() throws InterruptedException {
        environment.catalog.sells("LATE-RESERVE", "1.00", 1);
        var late = new Fault.Late();
        var reservations = new AtomicInteger();
        environment.catalog.faults((method, path) -> !method.equals("PUT")
                ? LoopbackServer.NONE
                : reservations.getAndIncrement() == 0 ? late : LoopbackServer.BROKEN);
        var id = shop.placed("ana", "LATE-RESERVE", 1, "tok_good");
        await().until(() -> reservations.get() > 0);
        environment.catalog.sells("LATE-RESERVE", "1.00", 0);
        environment.catalog.healthy();
        awaitStatus(id, "REJECTED");
        awaitNoOpenSteps();
        environment.catalog.sells("LATE-RESERVE", "1.00", 1);
        late.arrives();
        assertThat(environment.catalog.reservation(id)).isEqualTo("RELEASED");
        assertThat(environment.catalog.available("LATE-RESERVE")).isEqualTo(1);
    }

    @Test
    void refundsAndRestocksWhenConfirmedOrderIsCancelled() {
        environment.catalog.sells("CANCEL", "1.00", 5);
        var id = shop.place("ana", "CANCEL", 2, "tok_good", "Prefer", "wait=10").id();
        assertThat(shop.cancel(id, "bruno").status()).isEqualTo(404);
        assertThat(shop.cancel(id, "ana").text("status")).isEqualTo("CANCELLED");
        assertThat(shop.cancel(id, "ana").text("status")).isEqualTo("CANCELLED");
        awaitPaymentStatus(id, "REFUNDED");
        await().untilAsserted(() ->
                assertThat(environment.catalog.available("CANCEL")).isEqualTo(5));
        assertThat(environment.payments.kept(id)).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void refundsOrderCancelledDuringPaymentOutage() {
        environment.catalog.sells("SILENT", "1.00", 5);
        environment.payments.faults((method, path) -> new Fault.Cuts(method.equals("POST")));
        var id = shop.placed("ana", "SILENT", 1, "tok_good");
        await().until(() -> environment.payments.requests("POST /charges") >= 1
                && shop.order(id).text("status").equals("RESERVED"));
        assertThat(shop.cancel(id, "ana").text("status")).isEqualTo("CANCELLED");
        environment.payments.healthy();
        await().untilAsserted(() -> assertThat(environment.payments.kept(id)).isEqualByComparingTo(BigDecimal.ZERO));
        await().untilAsserted(() ->
                assertThat(environment.catalog.available("SILENT")).isEqualTo(5));
    }

    @Test
    void cancelsPendingChargeOfCancelledOrder() {
        environment.catalog.sells("STOPPED", "1.00", 5);
        var id = shop.placed("ana", "STOPPED", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        shop.cancel(id, "ana");
        awaitPaymentStatus(id, "CANCELLED");
        assertThat(environment.payments.chargeStatus(id)).isEqualTo("CANCELLED");
    }

    @Test
    void shipsDeliversAndReturnsOrder() {
        environment.catalog.sells("SHIPPED", "1.00", 5);
        var staff = TestIdentity.token("sofia", "staff");
        var id =
                shop.place("ana", "SHIPPED", 1, "tok_good", "Prefer", "wait=10").id();
        assertThat(shop.post("/orders/" + id + "/delivery", staff, "").problem())
                .isEqualTo("not-deliverable");
        assertThat(shop.post("/orders/" + id + "/shipment", staff, "").text("status"))
                .isEqualTo("SHIPPED");
        assertThat(shop.cancel(id, "ana").problem()).isEqualTo("not-cancellable");
        assertThat(shop.post("/orders/" + id + "/delivery", staff, "").text("status"))
                .isEqualTo("DELIVERED");
        assertThat(shop.post("/orders/" + id + "/return", staff, "").text("status"))
                .isEqualTo("RETURNED");
        awaitPaymentStatus(id, "REFUNDED");
        await().untilAsserted(() ->
                assertThat(environment.catalog.available("SHIPPED")).isEqualTo(5));
    }

    @Test
    void returnsChangedOrderToLongPollElse304() throws Exception {
        environment.catalog.sells("WATCHED", "1.00", 5);
        var ana = TestIdentity.token("ana", "customer");
        var id = shop.placed("ana", "WATCHED", 1, "tok_later");
        awaitPaymentStatus(id, "PENDING");
        var tag = shop.order(id).header("ETag");
        assertThat(tag).as("a tag with which the gateway compresses the order").startsWith("W/\"");
        var strong = tag.substring("W/".length());
        for (var changed : List.of(strong, strong.replaceFirst("\"$", "-gzip\""))) {
            assertThat(shop.get("/orders/" + id, ana, "If-None-Match", changed, "Prefer", "wait=1")
                            .status())
                    .as(changed)
                    .isEqualTo(304);
        }
        assertThat(shop.get("/orders/" + id, ana, "If-None-Match", tag).status())
                .isEqualTo(304);
        assertThat(shop.get("/orders/" + id, ana, "If-None-Match", tag, "Prefer", "wait=1")
                        .status())
                .isEqualTo(304);
        var poll = CompletableFuture.supplyAsync(
                () -> shop.get("/orders/" + id, ana, "If-None-Match", tag, "Prefer", "wait=14"));
        environment.payments.settles(id, true);
        var response = poll.get(7, TimeUnit.SECONDS); // long before the wait is over
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("ETag")).isNotEqualTo(tag);
        awaitStatus(id, "CONFIRMED");
    }

    @Test
    void returns404ForOrderOfAnotherCustomer() {
        environment.catalog.sells("PRIVATE", "1.00", 5);
        var id =
                shop.place("ana", "PRIVATE", 1, "tok_good", "Prefer", "wait=10").id();
        var bruno = TestIdentity.token("bruno", "customer");
        var response = shop.get("/orders/" + id, bruno);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.problem()).isEqualTo("order-not-found");
        assertThat(shop.get("/orders/" + UUID.randomUUID(), bruno).problem()).isEqualTo("order-not-found");
        assertThat(shop.get("/orders?customer=ana", bruno).status()).isEqualTo(403);
        assertThat(shop.get("/orders", bruno).body()).doesNotContain(id.toString());
    }

    @Test
    void listsPagesWithoutGapsAndRejectsModifiedCursors() {
        environment.catalog.sells("PAGED", "1.00", 50);
        var customer = "pager-" + UUID.randomUUID();
        var token = TestIdentity.token(customer, "customer");
        for (var i = 0; i < 5; i++) {
            shop.placed(customer, "PAGED", 1, "tok_good");
        }
        var all = shop.get("/orders", token).json().path("items").findValuesAsString("id");
        assertThat(all).hasSize(5);
        var first = shop.get("/orders?limit=2", token);
        var cursor = first.text("nextCursor");
        var second = shop.get("/orders?limit=2&cursor=" + cursor, token);
        var third = shop.get("/orders?limit=2&cursor=" + second.text("nextCursor"), token);
        assertThat(first.json().path("items").findValuesAsString("id")).isEqualTo(all.subList(0, 2));
        assertThat(second.json().path("items").findValuesAsString("id")).isEqualTo(all.subList(2, 4));
        assertThat(third.json().path("items").findValuesAsString("id")).isEqualTo(all.subList(4, 5));
        assertThat(third.json().path("nextCursor").isNull()).isTrue();
        for (var position = 0; position < cursor.length(); position++) {
            var changed = new StringBuilder(cursor);
            changed.setCharAt(position, cursor.charAt(position) == 'A' ? 'B' : 'A');
            var response = shop.get("/orders?cursor=" + changed, token);
            assertThat(response.status()).as(changed.toString()).isEqualTo(400);
            assertThat(response.problem()).isEqualTo("invalid-cursor");
        }
        assertThat(shop.get("/orders?cursor=" + cursor, TestIdentity.token("other", "customer"))
                        .problem())
                .isEqualTo("invalid-cursor");
        assertThat(shop.get("/orders?cursor=" + cursor + "&customer=" + customer, TestIdentity.token("s", "staff"))
                        .status())
                .isEqualTo(200);
        var unsigned = CursorCodec.unsigned();
        for (var forged : List.of(
                "x",
                unsigned.encode("orders"),
                unsigned.encode("orders", "one"),
                unsigned.encode("orders", "2026-01-01T00:00:00Z", "not-an-id"),
                unsigned.encode("orders", "not-a-time", UUID.randomUUID().toString()))) {
            assertThat(shop.get("/orders?cursor=" + forged, token).problem())
                    .as(forged)
                    .isEqualTo("invalid-cursor");
        }
        await().untilAsserted(() -> assertThat(shop.get("/orders?status=CONFIRMED", token)
                        .json()
                        .path("items")
                        .findValuesAsString("id"))
                .hasSize(5));
    }

    @Test
    void confirmsOrderDuringUserServiceOutage() {
        environment.catalog.sells("NO-IDENTITY", "1.00", 5);
        shop.place("ana", "NO-IDENTITY", 1, "tok_good", "Prefer", "wait=10"); // the service has a token now
        environment.identity.faults((method, path) -> new Fault.Cuts(false));
        assertThat(shop.place("ana", "NO-IDENTITY", 1, "tok_good", "Prefer", "wait=10")
                        .text("status"))
                .isEqualTo("CONFIRMED");
    }

    @Test
    void publishesMetricsOfSagaAndCircuitBreakers() {
        environment.catalog.sells("MEASURED", "1.00", 5);
        shop.place("ana", "MEASURED", 1, "tok_good", "Prefer", "wait=10");
        var metrics = get(shop.managementUrl() + "/actuator/prometheus");
        assertThat(metrics)
                .contains("resilience4j_circuitbreaker_state")
                .contains("name=\"payments\"")
                .contains("resilience4j_bulkhead")
                .contains("resilience4j_timelimiter_calls")
                .contains("feira_saga_step_seconds_count")
                .contains("feira_saga_overdue")
                .contains("feira_orders_placed_total")
                .contains("feira_audit_discrepancies");
        assertThat(get(shop.managementUrl() + "/actuator/circuitbreakers"))
                .contains("catalog-prices", "catalog-reservations", "payments", "identity");
        assertThat(get(shop.managementUrl() + "/actuator/health")).contains("circuitBreakers");
    }

    private static String get(String url) {
        return org.springframework.web.client.RestClient.create()
                .get()
                .uri(url)
                .retrieve()
                .body(String.class);
    }

    private static String message(UUID order, String type) {
        return WebhookMessage.about(order, type).body();
    }

    private static Replica.Response webhook(String message, String signature) {
        return signature.isEmpty()
                ? shop.post("/webhooks/payments", "", message)
                : shop.post("/webhooks/payments", "", message, "Feira-Signature", signature);
    }

    private static String sign(String message, Instant at) {
        return new WebhookMessage(message).signature(at);
    }
}
