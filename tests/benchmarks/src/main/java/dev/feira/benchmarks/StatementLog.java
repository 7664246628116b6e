package dev.feira.benchmarks;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the executed statements from PostgreSQL's own log. The server logs every statement while this is open.
 *
 * @see <a href="https://www.postgresql.org/docs/18/runtime-config-logging.html">PostgreSQL, Error Reporting and Logging</a>
 */
final class StatementLog implements AutoCloseable {

    private static final Map<String, String> SETTINGS = Map.of(
            // Process, database, transaction id (0: none)
            "log_line_prefix", "'feira|%p|%d|%x|'",
            // Logs after the execution, when a transaction that writes has its id; log_statement would log before
            "log_min_duration_statement", "0",
            "log_parameter_max_length", "0");

    /** An executed statement; parsing and binding are other lines. Its text goes on in lines that begin with a tab. */
    private static final Pattern EXECUTED = Pattern.compile(
            "feira\\|(\\d+)\\|([^|]*)\\|(\\d+)\\|LOG:  duration: [\\d.]+ ms  (?:execute [^:]*|statement): (.*(?:\\n"
                    + "\\t.*)*)");

    private final Connection superuser;
    private final Path file;

    /**
     * A transaction; a statement outside of BEGIN and COMMIT is a transaction of its own.
     *
     * @param statements in order, with BEGIN and COMMIT
     * @param wrote whether it had an id, which PostgreSQL gives to transactions that write or lock rows
     */
    record Transaction(String database, List<String> statements, boolean wrote) {

        /** Returns the number of statements without BEGIN, COMMIT and ROLLBACK. */
        long count() {
            return statements.stream()
                    .filter(sql -> !begins(sql, "BEGIN") && !begins(sql, "COMMIT") && !begins(sql, "ROLLBACK"))
                    .count();
        }
    }

    /**
     * Begins to log.
     *
     * @param superuser closed by the caller
     * @param file the server's log
     */
    StatementLog(Connection superuser, Path file) throws SQLException {
        this.superuser = superuser;
        this.file = file;
        try (var statement = superuser.createStatement()) {
            for (var setting : SETTINGS.entrySet()) {
                statement.execute("ALTER SYSTEM SET %s = %s".formatted(setting.getKey(), setting.getValue()));
            }
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Returns the end of the log. */
    long position() throws IOException {
        return Files.size(file);
    }

    /** Returns the transactions since {@code position}. */
    List<Transaction> since(long position) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ).position(position)) {
            return transactions(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws SQLException {
        try (var statement = superuser.createStatement()) {
            for (var setting : SETTINGS.keySet()) {
                statement.execute("ALTER SYSTEM RESET " + setting);
            }
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Parses the log; empty statements, by which a pool tests a connection, are left out. */
    static List<Transaction> transactions(String text) {
        var all = new ArrayList<Transaction>();
        var open = new HashMap<String, Transaction>();
        EXECUTED.matcher(text).results().forEach(match -> {
            var process = match.group(1);
            var sql = match.group(4).strip();
            if (sql.isEmpty()) {
                return;
            }
            var wrote = !match.group(3).equals("0");
            var begun = open.remove(process);
            var statements = begun == null ? new ArrayList<String>() : begun.statements;
            statements.add(sql);
            var transaction = new Transaction(match.group(2), statements, wrote || begun != null && begun.wrote);
            if (begins(sql, "BEGIN") || begun != null && !begins(sql, "COMMIT") && !begins(sql, "ROLLBACK")) {
                open.put(process, transaction);
            } else {
                all.add(transaction);
            }
        });
        return all;
    }

    private static boolean begins(String sql, String word) {
        return sql.regionMatches(true, 0, word, 0, word.length());
    }
}
