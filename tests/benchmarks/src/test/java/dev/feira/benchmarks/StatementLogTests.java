package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementLogTests {

    @Test
    void readsExecutedStatementsOfSeveralLines() {
        var transactions = StatementLog.transactions("""
            feira|17|orders|0|LOG:  duration: 0.032 ms  bind S_5: update notes
            	   set text = $1 where id = $2
            feira|17|orders|0|LOG:  duration: 0.120 ms  execute S_5: update notes
            	   set text = $1 where id = $2
            """);

        assertThat(transactions)
                .containsExactly(new StatementLog.Transaction(
                        "orders", List.of("update notes\n\t   set text = $1 where id = $2"), false));
    }

    @Test
    void ignoresEmptyStatementsOfAPool() {
        assertThat(StatementLog.transactions("feira|17|orders|0|LOG:  duration: 0.056 ms  statement: \n"))
                .isEmpty();
    }

    @Test
    void ignoresOtherMessages() {
        assertThat(StatementLog.transactions("""
            feira|9||0|LOG:  parameter "log_min_duration_statement" changed to "0"
            feira|17|orders|0|ERROR:  deadlock detected
            feira|17|orders|0|DETAIL:  Process 17 waits
            2026-11-23 09:08:53.526 UTC [3] LOG:  checkpoint starting: time
            """)).isEmpty();
    }

    @Test
    void separatesTransactionsOfInterleavedConnections() {
        var transactions = StatementLog.transactions("""
            feira|17|orders|0|LOG:  duration: 0.1 ms  statement: BEGIN
            feira|18|catalog|0|LOG:  duration: 0.1 ms  execute <unnamed>: select 1
            feira|17|orders|870|LOG:  duration: 0.1 ms  execute S_1: insert into notes default values
            feira|17|orders|0|LOG:  duration: 0.1 ms  execute S_2: COMMIT
            feira|17|orders|0|LOG:  duration: 0.1 ms  execute S_3: select 2
            """);

        assertThat(transactions)
                .containsExactly(
                        new StatementLog.Transaction("catalog", List.of("select 1"), false),
                        new StatementLog.Transaction(
                                "orders", List.of("BEGIN", "insert into notes default values", "COMMIT"), true),
                        new StatementLog.Transaction("orders", List.of("select 2"), false));
    }

    @Test
    void countsStatementsWithoutBeginAndCommit() {
        var transaction = new StatementLog.Transaction("orders", List.of("BEGIN", "select 1", "COMMIT"), false);

        assertThat(transaction.count()).isEqualTo(1);
    }
}
