package dev.feira.order.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.CatalogServer;
import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.LoopbackServer.Fault;
import dev.feira.order.fixtures.LoopbackServer.Faults;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two instances of the catalog, one of which fails. */
class CatalogCallsTests {

    private TestEnvironment environment;
    private CatalogServer second;
    private Replica shop;
    private Catalog catalog;

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
        second = new CatalogServer();
        shop = environment.start(
                "spring.cloud.discovery.client.simple.instances.catalog-service[1].uri=" + second.url());
        catalog = shop.bean(Catalog.class);
        environment.catalog.sells("A-1", "1.00", 10);
        second.sells("A-1", "1.00", 10);
    }

    @AfterEach
    void close() {
        environment.close();
        second.close();
    }

    static Stream<Faults> instanceFaults() {
        return Stream.of((method, path) -> LoopbackServer.BROKEN, (method, path) -> new Fault.Cuts(false));
    }

    @ParameterizedTest
    @MethodSource("instanceFaults")
    void ejectsFailingInstanceAndKeepsCircuitClosed(Faults fault) {
        environment.catalog.faults(fault);
        for (var i = 0; i < 30; i++) {
            assertThat(catalog.prices(List.of("A-1")).prices()).containsKey("A-1");
        }
        assertThat(shop.bean(CircuitBreakerRegistry.class)
                        .circuitBreaker("catalog-prices")
                        .getState())
                .isEqualTo(State.CLOSED);
        // again after each ejection of two seconds
        assertThat(environment.catalog.requests("POST /prices")).isBetween(1L, 8L);
    }

    @Test
    void callsEjectedInstancesWhenNoOtherIsLeft() {
        environment.catalog.faults((method, path) -> LoopbackServer.BROKEN);
        second.faults((method, path) -> LoopbackServer.BROKEN);
        try {
            catalog.prices(List.of("A-1"));
        } catch (CatalogUnavailable _) {
            // expected
        }
        environment.catalog.healthy();
        second.healthy();
        assertThat(catalog.prices(List.of("A-1")).prices()).containsKey("A-1");
    }
}
