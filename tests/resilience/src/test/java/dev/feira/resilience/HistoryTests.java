package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.resilience.History.Kind;
import dev.feira.resilience.History.Operation;
import dev.feira.resilience.History.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The checker notices what cannot be, and nothing else. */
class HistoryTests {

    private static final Map<String, String> NONE = Map.of();

    @Test
    void agreesWithWhatIsTrue() {
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
    void noticesALostOrder() {
        assertThat(History.contradictions(List.of(placed(0, Outcome.OK, "k1", "o1")), NONE, NONE, 10, 10))
                .containsExactly("the order o1 was acknowledged and is lost");
    }

    @Test
    void noticesAnOrderThatWasMadeTwice() {
        var ends = Map.of("o1", "REJECTED", "o2", "REJECTED");

        assertThat(History.contradictions(List.of(placed(0, Outcome.OK, "k1", "o1")), NONE, ends, 10, 10))
                .singleElement()
                .asString()
                .startsWith("the order o2 exists, and nobody was told so");
    }

    @Test
    void noticesOneOrderForTwoKeys() {
        var history = List.of(placed(0, Outcome.OK, "k1", "o1"), placed(1, Outcome.OK, "k2", "o1"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "REJECTED"), 10, 10))
                .containsExactly("the order o1 was made for two keys");
    }

    @Test
    void noticesAKeyThatNobodyAskedAbout() {
        assertThat(History.contradictions(List.of(placed(0, Outcome.UNKNOWN, "k1", null)), NONE, NONE, 10, 10))
                .containsExactly("nobody found out what became of the key k1");
    }

    @Test
    void noticesAnOrderThatDoesNotEnd() {
        var history = List.of(placed(0, Outcome.OK, "k1", "o1"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "RESERVED"), 10, 10))
                .containsExactly("the order o1 has not ended: RESERVED");
    }

    @Test
    void noticesUnitsThatAreSoldTwice() {
        var history = List.of(placed(0, Outcome.OK, "k1", "o1"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "CONFIRMED"), 10, 10))
                .containsExactly("1 of 10 units were sold, and 10 are left");
    }

    @Test
    void noticesAnOrderThatGoesBackwards() {
        var history =
                List.of(placed(0, Outcome.OK, "k1", "o1"), read(10, "o1", "CONFIRMED"), read(20, "o1", "RESERVED"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "CONFIRMED"), 10, 9))
                .containsExactly("the order o1 was CONFIRMED, and then RESERVED");
    }

    @Test
    void readsAtTheSameTimeMayDiffer() {
        var history =
                List.of(placed(0, Outcome.OK, "k1", "o1"), read(10, "o1", "CONFIRMED"), read(11, "o1", "RESERVED"));

        assertThat(History.contradictions(history, NONE, Map.of("o1", "CONFIRMED"), 10, 9))
                .isEmpty();
    }

    @Test
    void noticesAnAcknowledgedOrderThatIsNotThere() {
        var missing = new Operation("follower", Kind.ORDER, 10, 15, Outcome.FAILED, 404, "", null, "o1", null);

        assertThat(History.contradictions(
                        List.of(placed(0, Outcome.OK, "k1", "o1"), missing), NONE, Map.of("o1", "REJECTED"), 10, 10))
                .containsExactly("the order o1 was acknowledged, and then not there");
    }

    @Test
    void noticesStockThatIsNegative() {
        var seen = new Operation("reader", Kind.PRODUCT, 0, 5, Outcome.OK, 200, "", null, null, "-1");

        assertThat(History.contradictions(List.of(seen), NONE, NONE, 10, 10))
                .containsExactly("somebody saw -1 units of 10");
    }

    /** Each takes 5. */
    private static Operation placed(long begin, Outcome outcome, String key, String order) {
        var status = outcome == Outcome.OK ? 201 : outcome == Outcome.FAILED ? 429 : 0;
        return new Operation("buyer", Kind.PLACE, begin, begin + 5, outcome, status, "", key, order, null);
    }

    private static Operation read(long begin, String order, String seen) {
        return new Operation("follower", Kind.ORDER, begin, begin + 5, Outcome.OK, 200, "", null, order, seen);
    }
}
