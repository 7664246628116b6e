package dev.feira.benchmarks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement as PostgreSQL executed it.
 *
 * @param database where
 * @param process of the server, one for each connection
 * @param at when it had been executed
 * @param wrote whether its transaction had an id by then, which PostgreSQL gives to those that write or lock rows
 * @param sql with {@code $1}, {@code $2} … for the parameters
 * @param parameters in PostgreSQL's text form; null is NULL
 */
record Statement(
        String database, String process, Instant at, boolean wrote, String sql, List<@Nullable String> parameters) {

    boolean begins() {
        return startsWith("BEGIN");
    }

    boolean ends() {
        return startsWith("COMMIT") || startsWith("ROLLBACK");
    }

    private boolean startsWith(String word) {
        return sql.regionMatches(true, 0, word, 0, word.length());
    }
}
