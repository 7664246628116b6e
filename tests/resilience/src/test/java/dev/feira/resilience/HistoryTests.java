package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.resilience.History.Kind;
import dev.feira.resilience.History.Operation;
import dev.feira.resilience.History.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTests {

    private static final Map<String, String> NONE = Map.of();

    @Test
    void acceptsAConsistentHistory() {
        var history = List.of(
                placed(0, Outcome.OK, "k1", "o1"),
                read(10, "o1", "PLACED"),
                read(20, "o1", "CONFIRMED"),
                placed(5, Outcome.UNKNOWN, "k2", null),
                placed(6, Outcome.FAILED, "k3", null));

        assertThat(History.contradictions(
                        history, Map.of("k2", "o2"), Map.of("o1", "CONFIRMED", "o2", "REJECTED"), 10, 9))
                .isEmpty();
    }

    @Test
    void reportsMissingOrder() {
        assertThat(History.contradictions(List.of(placed(0, Outcome.OK, "k1", "o1")), NONE, NONE, 10, 10))
                .containsExactly("order o1 was acknowledged and is missing");
    }

    @Test
    void reportsOrderWithoutAcknowledgement() {
        var statuses = Map.of("o1", "REJECTED", "o2", "REJECTED");

        assertThat(History.contradictions(List.of(placed(0, Outcome.OK, "k1", "o1")), NONE, statuses, 10, 10))
                .singleElement()
                .asString()
                .startsWith("order o2 exists without an acknowledgement");
    }

    @Test
    void reportsOrderOfTwoKeys() {
        var history = List.of(placed(0, Outcome.OK, "k1", "o1"), placed(1, Outcome.OK, "k2", "o1"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "REJECTED"), 10, 10))
                .containsExactly("order o1 belongs to two keys");
    }

    @Test
    void reportsUnresolvedKey() {
        assertThat(History.contradictions(List.of(placed(0, Outcome.UNKNOWN, "k1", null)), NONE, NONE, 10, 10))
                .containsExactly("the outcome of key k1 is unknown");
    }

    @Test
    void reportsOrderWithoutFinalStatus() {
        var history = List.of(placed(0, Outcome.OK, "k1", "o1"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "RESERVED"), 10, 10))
                .containsExactly("order o1 has no final status: RESERVED");
    }

    @Test
    void reportsStockThatDiffersFromTheSales() {
        var history = List.of(placed(0, Outcome.OK, "k1", "o1"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "CONFIRMED"), 10, 10))
                .containsExactly("1 of 10 units were sold, and 10 remain");
    }

    @Test
    void reportsStatusThatGoesBack() {
        var history =
                List.of(placed(0, Outcome.OK, "k1", "o1"), read(10, "o1", "CONFIRMED"), read(20, "o1", "RESERVED"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "CONFIRMED"), 10, 9))
                .containsExactly("order o1 was CONFIRMED, then RESERVED");
    }

    @Test
    void acceptsDifferentStatusesOfOverlappingReads() {
        var history =
                List.of(placed(0, Outcome.OK, "k1", "o1"), read(10, "o1", "CONFIRMED"), read(11, "o1", "RESERVED"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "CONFIRMED"), 10, 9))
                .isEmpty();
    }

    @Test
    void reportsAcknowledgedOrderThatIsNotFound() {
        var missing = new Operation("order reader", Kind.ORDER, 10, 15, Outcome.FAILED, 404, "", null, "o1", null);

        assertThat(History.contradictions(
                        List.of(placed(0, Outcome.OK, "k1", "o1"), missing), NONE, Map.of("o1", "REJECTED"), 10, 10))
                .containsExactly("order o1 was acknowledged, then not found");
    }

    @Test
    void reportsNegativeStock() {
        var negative = new Operation("reader", Kind.PRODUCT, 0, 5, Outcome.OK, 200, "", null, null, "-1");

        assertThat(History.contradictions(List.of(negative), NONE, NONE, 10, 10))
                .containsExactly("a client read -1 available units of 10");
    }

    /** Takes 5 ns. */
    private static Operation placed(long start, Outcome outcome, String key, String order) {
        var status = outcome == Outcome.OK ? 201 : outcome == Outcome.FAILED ? 429 : 0;
        return new Operation("buyer", Kind.PLACE_ORDER, start, start + 5, outcome, status, "", key, order, null);
    }

    private static Operation read(long start, String order, String value) {
        return new Operation("order reader", Kind.ORDER, start, start + 5, Outcome.OK, 200, "", null, order, value);
    }
}
