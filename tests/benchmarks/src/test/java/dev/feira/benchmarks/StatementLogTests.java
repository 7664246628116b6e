package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementLogTests {

    @Test
    void executedStatementsAreReadWithTheirParameters() {
        var statements = StatementLog.statements("""
                feira|17|orders|0|1795424936.231|LOG:  duration: 0.032 ms  bind S_5: update notes
                	   set text = $1 where id = $2
                feira|17|orders|0|1795424936.231|DETAIL:  Parameters: $1 = 'bound', $2 = '1'
                feira|17|orders|0|1795424936.232|LOG:  duration: 0.120 ms  execute S_5: update notes
                	   set text = $1 where id = $2 and other is not distinct from $3
                feira|17|orders|871|1795424936.232|DETAIL:  Parameters: $1 = 'it''s, $9 = ''two
                	lines''', $2 = '7', $3 = NULL
                """);

        assertThat(statements)
                .containsExactly(new Statement(
                        "orders",
                        "17",
                        Instant.parse("2026-11-23T09:08:56.232Z"),
                        false,
                        "update notes\n   set text = $1 where id = $2 and other is not distinct from $3",
                        java.util.Arrays.asList("it's, $9 = 'two\nlines'", "7", null)));
    }

    @Test
    void poolsTryTheirConnectionsWithoutAStatement() {
        assertThat(StatementLog.statements("feira|17|orders|0|1795424936.2|LOG:  duration: 0.056 ms  statement: \n"))
                .isEmpty();
    }

    @Test
    void otherMessagesAreNoStatements() {
        assertThat(StatementLog.statements("""
                feira|9||0|1795424936.231|LOG:  parameter "log_min_duration_statement" changed to "0"
                feira|17|orders|0|1795424936.232|ERROR:  deadlock detected
                feira|17|orders|0|1795424936.232|DETAIL:  Process 17 waits
                2026-11-23 09:08:53.526 UTC [3] LOG:  checkpoint starting: time
                """)).isEmpty();
    }

    @Test
    void connectionsThatTakeTurnsHaveTransactionsOfTheirOwn() {
        var transactions = StatementLog.transactions(StatementLog.statements("""
                feira|17|orders|0|1795424936.1|LOG:  duration: 0.1 ms  statement: BEGIN
                feira|18|catalog|0|1795424936.2|LOG:  duration: 0.1 ms  execute <unnamed>: select 1
                feira|17|orders|870|1795424936.3|LOG:  duration: 0.1 ms  execute S_1: insert into notes default values
                feira|17|orders|0|1795424936.4|LOG:  duration: 0.1 ms  execute S_2: COMMIT
                feira|17|orders|0|1795424936.5|LOG:  duration: 0.1 ms  execute S_3: select 2
                """));

        assertThat(transactions)
                .extracting(Transaction::pattern)
                .containsExactly(
                        List.of("BEGIN", "insert into notes default values", "COMMIT"),
                        List.of("select 1"),
                        List.of("select 2"));
        assertThat(transactions).extracting(Transaction::wrote).containsExactly(true, false, false);
    }
}
