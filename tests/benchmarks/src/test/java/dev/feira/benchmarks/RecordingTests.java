package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTests {

    private static final String FIRST = "2d669774-51d0-4194-81bf-5a583f07f514";
    private static final String SECOND = "fec0ed73-9121-4b86-b22a-241683bb0692";
    private static final String CUSTOMER = "faedbec6-9020-4a02-8382-ce557962214d";

    private static final Transaction EMPTY_POLL = transaction(false, "update steps");

    @Test
    void pollsThatFoundNothingAreLeftOut() {
        var recording = Recording.of(
                List.of(EMPTY_POLL), List.of(List.of(EMPTY_POLL, order(FIRST)), List.of(order(SECOND), order(SECOND))));

        assertThat(recording.transactions()).containsExactly(order(FIRST));
        assertThat(recording.leftOut()).isEqualTo(1);
    }

    @Test
    void aPollThatFoundTheOrdersWorkIsTheOrders() {
        var found = transaction(true, "update steps");

        var recording = Recording.of(List.of(EMPTY_POLL), List.of(List.of(found), List.of(found, found)));

        assertThat(recording.transactions()).containsExactly(found);
    }

    @Test
    void theOrderWithTheFewestStatementsIsTaken() {
        var recording = Recording.of(
                List.of(), List.of(List.of(order(FIRST), transaction(false, "audit")), List.of(order(SECOND))));

        assertThat(recording.transactions()).containsExactly(order(SECOND));
    }

    @Test
    void whatNoOtherOrderHasIdentifiesTheOrder() {
        var recording = Recording.of(
                List.of(),
                List.of(
                        List.of(
                                transaction(true, "insert", FIRST, CUSTOMER, "2026-11-23 09:08:56+00", null),
                                transaction(true, "key", "charge-of|30.30|tok_RCcnCTTtDzaz1L_S19CDLsGo")),
                        List.of(
                                transaction(true, "insert", SECOND, CUSTOMER, "2026-11-23 09:08:59+00", null),
                                transaction(true, "key", "charge-of|30.30|tok_A19CDLsGoRCcnCTTtDzaz1L_"),
                                transaction(true, "more"))));

        assertThat(recording.identifiers()).containsExactlyInAnyOrder(FIRST, "tok_RCcnCTTtDzaz1L_S19CDLsGo");
        assertThat(recording.ownValues()).contains("2026-11-23 09:08:56+00").doesNotContain(CUSTOMER);
    }

    private static Transaction order(String id) {
        return transaction(true, "insert into orders", id);
    }

    private static Transaction transaction(boolean wrote, String sql, String... parameters) {
        return new Transaction(
                List.of(new Statement("orders", "17", Instant.EPOCH, wrote, sql, Arrays.asList(parameters))));
    }
}
