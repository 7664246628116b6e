package dev.feira.order.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Shortage;
import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.fixtures.Watch;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the client against a catalog with slow, reset and invalid responses. */
class CatalogTests {

    private static TestEnvironment environment;
    private static Catalog catalog;
    private static CircuitBreakerRegistry breakers;
    private static ServiceToken token;
    private static Watch watch;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        Replica replica = environment.start(
                List.of(Watch.class), "resilience4j.circuitbreaker.configs.default.wait-duration-in-open-state=2s");
        catalog = replica.bean(Catalog.class);
        token = replica.bean(ServiceToken.class);
        watch = replica.bean(Watch.class);
        breakers = replica.bean(CircuitBreakerRegistry.class);
        environment.catalog.sells("A-1", "3.20", 5);
        catalog.prices(List.of("A-1"));
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    @BeforeEach
    void resetFaults() {
        environment.catalog.healthy();
        environment.identity.healthy();
        environment.catalog.clearRequests();
        environment.identity.clearRequests();
        watch.advances(Duration.ofSeconds(2)); // a failure of another test must not be shared with this one
        breakers.getAllCircuitBreakers().forEach(breaker -> breaker.reset());
    }

    private static List<OrderLine> lines(int quantity) {
        return List.of(new OrderLine(
                "A-1",
                new LocalizedText("Apple", "Maçã"),
                "kg",
                null,
                quantity,
                Money.euros("3.20"),
                new BigDecimal("0.06")));
    }

    private static void assertPricesUnavailable() {
        assertThatExceptionOfType(CatalogUnavailable.class).isThrownBy(() -> catalog.prices(List.of("A-1")));
    }

    @Test
    void returnsPricesAndUnknownSkusInOneCall() {
        var list = catalog.prices(List.of("A-1", "NONE"));
        assertThat(list.prices().get("A-1"))
                .extracting(CatalogPrice::price, CatalogPrice::archived)
                .containsExactly(Money.euros("3.20"), false);
        assertThat(list.unknown()).containsExactly("NONE");
        assertThat(environment.catalog.requests("POST /prices")).isEqualTo(1);
    }

    @Test
    void retriesPricesUntilSuccess() {
        var calls = new java.util.concurrent.atomic.AtomicInteger();
        environment.catalog.faults(
                (method, path) -> calls.incrementAndGet() < 3 ? LoopbackServer.BROKEN : LoopbackServer.NONE);
        assertThat(catalog.prices(List.of("A-1")).prices()).containsKey("A-1");
        assertThat(calls.get()).isEqualTo(3);
    }

    @Test
    void callsPricesAtMostThreeTimes() {
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        assertPricesUnavailable();
        assertThat(environment.catalog.requests("POST /prices")).isEqualTo(3);
    }

    @Test
    void doesNotCallCatalogWhileCircuitIsOpen() {
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        for (var i = 0; i < 3; i++) {
            assertPricesUnavailable();
        }
        assertThat(breakers.circuitBreaker("catalog-prices").getState()).isEqualTo(State.OPEN);
        assertThat(environment.catalog.requests("POST /prices")).isEqualTo(5);
        breakers.circuitBreaker("catalog-prices").transitionToForcedOpenState();
        var begun = Instant.now();
        for (var i = 0; i < 20; i++) {
            assertPricesUnavailable();
        }
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(2));
        assertThat(environment.catalog.requests("POST /prices")).isEqualTo(5);
    }

    /** With fewer than three calls in the half-open state, the circuit must close. */
    @Test
    void closesCircuitWithoutTraffic() {
        var circuit = breakers.circuitBreaker("catalog-prices");
        circuit.transitionToOpenState();
        circuit.transitionToHalfOpenState();
        catalog.prices(List.of("A-1"));

        await().atMost(Duration.ofSeconds(20)).until(() -> circuit.getState() == State.CLOSED);
    }

    @Test
    void closesCircuitAfterOutage() {
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        assertPricesUnavailable();
        assertPricesUnavailable();
        environment.catalog.healthy();
        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> {
            catalog.prices(List.of("A-1"));
            assertThat(breakers.circuitBreaker("catalog-prices").getState()).isEqualTo(State.CLOSED);
        });
    }

    @Test
    void cancelsSlowResponseAtTimeout() {
        environment.catalog.faults((method, path) -> new Fault.Trickles());
        var begun = Instant.now();
        assertPricesUnavailable();
        // three times 1 s and the intervals; with the read timeout it would be three times 3 s
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void reportsUnavailableOnResetOrStalledConnection() {
        environment.catalog.faults((method, path) -> new Fault.Cuts(true));
        assertPricesUnavailable();
        breakers.circuitBreaker("catalog-prices").reset();
        environment.catalog.faults((method, path) -> new Fault.Stalls(true));
        assertPricesUnavailable();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "<html>an error page with status 200</html>",
                "{\"prices\":[],\"unknown\":[]}",
                "{\"prices\":null}",
                "{\"prices\":[{\"sku\":\"A-1\"}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"name\":{\"en\":\"a\",\"pt\":\"a\"},\"unit\":\"kg\",\"price\":{\"amount\":\"3.20\",\"currency\":\"USD\"},\"vatRate\":\"0.06\",\"status\":\"ACTIVE\",\"available\":1}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"name\":{\"en\":\"a\",\"pt\":\"a\"},\"unit\":\"kg\",\"price\":{\"amount\":\"-3.20\",\"currency\":\"EUR\"},\"vatRate\":\"0.06\",\"status\":\"ACTIVE\",\"available\":1}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"unit\":\"kg\",\"price\":{\"amount\":\"3.20\",\"currency\":\"EUR\"},\"vatRate\":\"0.06\",\"status\":\"ACTIVE\",\"available\":1}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"name\":{\"en\":\"a\",\"pt\":\"a\"},\"unit\":\"kg\",\"price\":{\"amount\":\"3.20\",\"currency\":\"EUR\"},\"status\":\"ACTIVE\",\"available\":1}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"name\":{\"en\":\"a\",\"pt\":\"a\"},\"unit\":\"kg\",\"price\":{\"amount\":\"3.20\",\"currency\":\"EUR\"},\"vatRate\":\"0.06\",\"available\":1}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"name\":{\"en\":\"a\",\"pt\":\"a\"},\"unit\":\"kg\",\"price\":{\"amount\":\"3.20\",\"currency\":\"EUR\"},\"vatRate\":\"-0.06\",\"status\":\"ACTIVE\",\"available\":1}],\"unknown\":[]}",
                "{\"prices\":[{\"sku\":\"A-1\",\"name\":{\"en\":\"a\",\"pt\":\"a\"},\"unit\":\"kg\",\"price\":{\"amount\":\"3.20\",\"currency\":\"EUR\"},\"vatRate\":\"0.05555\",\"status\":\"ACTIVE\",\"available\":1}],\"unknown\":[]}"
            })
    void reportsUnavailableOnInvalidPriceResponse(String body) {
        environment.catalog.faults((method, path) -> new Fault.Responds(false, 200, "application/json", body));
        assertPricesUnavailable();
    }

    @Test
    void doesNotRetryPricesAfterClientError() {
        environment.catalog.faults((method, path) -> new Fault.Responds(false, 400, "application/json", "{}"));
        assertPricesUnavailable();
        assertThat(environment.catalog.requests("POST /prices")).isEqualTo(1);
    }

    @Test
    void keepsCircuitClosedWhenStockIsShort() {
        for (var i = 0; i < 20; i++) {
            assertThat(catalog.reserve(UUID.randomUUID(), lines(6)))
                    .isEqualTo(new ReservationResult.OutOfStock(List.of(new Shortage("A-1", 6, 5))));
        }
        assertThat(breakers.circuitBreaker("catalog-reservations").getState()).isEqualTo(State.CLOSED);
    }

    @Test
    void reservesOnceConfirmsAndRestocks() {
        var id = UUID.randomUUID();
        assertThat(catalog.reserve(id, lines(1))).isEqualTo(new ReservationResult.Held());
        assertThat(catalog.reserve(id, lines(1))).isEqualTo(new ReservationResult.Held());
        assertThat(environment.catalog.available("A-1")).isEqualTo(4);
        assertThat(catalog.confirm(id)).isTrue();
        assertThat(catalog.restock(id)).isTrue();
        assertThat(environment.catalog.available("A-1")).isEqualTo(5);
        assertThat(catalog.reserve(id, lines(1))).isEqualTo(new ReservationResult.Closed());
        var late = UUID.randomUUID();
        catalog.release(late);
        assertThat(catalog.reserve(late, lines(1))).isEqualTo(new ReservationResult.Closed());
        assertThat(catalog.restock(late)).isFalse();
        assertThat(catalog.confirm(late)).isFalse();
    }

    @Test
    void distinguishesExpiredFromReleasedReservation() {
        var id = UUID.randomUUID();
        catalog.reserve(id, lines(1));
        environment.catalog.expires(id);
        assertThat(catalog.reserve(id, lines(1))).isEqualTo(new ReservationResult.Expired());
        catalog.release(id);
    }

    @Test
    void doesNotRetryReservation() {
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        assertThatExceptionOfType(CatalogUnavailable.class)
                .isThrownBy(() -> catalog.reserve(UUID.randomUUID(), lines(1)));
        assertThat(environment.catalog.requests("PUT ")).isEqualTo(1);
    }

    @Test
    void reportsUnavailableOnUnknownClientError() {
        for (var status : List.of(400, 401, 403, 404, 409, 422, 429)) {
            breakers.circuitBreaker("catalog-reservations").reset();
            environment.catalog.faults((method, path) -> new Fault.Responds(false, status, "text/plain", "?"));
            assertThatExceptionOfType(CatalogUnavailable.class)
                    .as("%d", status)
                    .isThrownBy(() -> catalog.reserve(UUID.randomUUID(), lines(1)));
        }
    }

    @Test
    void reusesServiceTokenAndReplacesRejectedOne() {
        token.discard(token.bearer());
        environment.identity.clearRequests();
        for (var i = 0; i < 5; i++) {
            catalog.confirm(releasedReservation());
        }
        assertThat(environment.identity.requests("POST /id/oauth2/token")).isEqualTo(1);
        environment.catalog.faults((method, path) -> new Fault.Responds(false, 401, "application/json", "{}"));
        assertThatExceptionOfType(CatalogUnavailable.class).isThrownBy(() -> catalog.release(UUID.randomUUID()));
        environment.catalog.healthy();
        catalog.release(UUID.randomUUID());
        assertThat(environment.identity.requests("POST /id/oauth2/token")).isEqualTo(2);
    }

    @Test
    void sharesTokenFailureBetweenWaitingCalls() {
        token.discard(token.bearer());
        environment.identity.clearRequests();
        environment.identity.faults((method, path) -> LoopbackServer.BROKEN);
        watch.stops();
        try {
            for (var i = 0; i < 3; i++) {
                assertThatExceptionOfType(CatalogUnavailable.class).isThrownBy(() -> token.bearer());
            }
            assertThat(environment.identity.requests("POST /id/oauth2/token")).isEqualTo(1);
            environment.identity.healthy();
            watch.advances(Duration.ofSeconds(1));
            assertThat(token.bearer()).startsWith("Bearer ");
        } finally {
            watch.runs();
        }
    }

    @Test
    void returnsFalseWhenConfirmingUnknownReservation() {
        environment.catalog.faults((method, path) -> new Fault.Responds(
                false,
                404,
                "application/problem+json",
                "{\"type\":\"urn:feira:problem:reservation-not-found\",\"status\":404}"));
        assertThat(catalog.confirm(UUID.randomUUID())).isFalse();
    }

    @Test
    void keepsCircuitClosedOnClientErrors() {
        environment.catalog.faults((method, path) -> new Fault.Responds(false, 409, "application/json", "{}"));
        for (var i = 0; i < 10; i++) {
            assertThatExceptionOfType(CatalogUnavailable.class)
                    .isThrownBy(() -> catalog.reserve(UUID.randomUUID(), lines(1)));
        }
        assertThat(breakers.circuitBreaker("catalog-reservations").getState()).isEqualTo(State.CLOSED);
        assertThat(environment.catalog.requests("PUT ")).isEqualTo(10);
    }

    private static UUID releasedReservation() {
        var id = UUID.randomUUID();
        catalog.release(id);
        return id;
    }

    @Test
    void renewsTokenAtHalfItsLifetimeAndKeepsItDuringOutage() {
        environment.identity.tokenLife = 0; // due for renewal at once
        token.discard(token.bearer());
        environment.identity.clearRequests();
        token.bearer();
        environment.identity.tokenLife = 600;
        token.renew();
        assertThat(environment.identity.requests("POST /id/oauth2/token")).isEqualTo(2);
        var good = token.bearer();
        environment.identity.faults((method, path) -> new Fault.Cuts(false));
        token.renew();
        assertThat(token.bearer()).isEqualTo(good);
    }
}
