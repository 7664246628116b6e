package dev.feira.benchmarks;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL executes, from its own log: while this is open, it logs each statement of each connection with its
 * parameters.
 *
 * @see <a href="https://www.postgresql.org/docs/18/runtime-config-logging.html">PostgreSQL, Error Reporting and Logging</a>
 */
final class StatementLog implements AutoCloseable {

    /** Process, database, transaction id (0: none) and time in seconds. */
    private static final String PREFIX = "feira|%p|%d|%x|%n|";

    private static final Map<String, String> SETTINGS = Map.of(
            "log_line_prefix", "'" + PREFIX + "'",
            // After the execution, when a transaction that writes has its id; log_statement would come before
            "log_min_duration_statement", "0",
            "log_parameter_max_length", "-1");

    private static final Pattern LINE =
            Pattern.compile("feira\\|(\\d+)\\|([^|]*)\\|(\\d+)\\|([\\d.]+)\\|(\\w+):  (.*)");

    /** Neither parsing nor binding: those are the same statement again. */
    private static final Pattern EXECUTED =
            Pattern.compile("duration: [\\d.]+ ms  (?:execute [^:]*|statement): (.*)", Pattern.DOTALL);

    private static final Pattern PARAMETERS = Pattern.compile("[Pp]arameters: (.*)", Pattern.DOTALL);

    private final Connection superuser;
    private final Path file;

    /**
     * Begins to log.
     *
     * @param superuser who may change the server's settings; closed by the caller
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

    /** The end of the log now. */
    long position() throws IOException {
        return Files.size(file);
    }

    /** The transactions of the services since {@code position}, by the order in which they began. */
    List<Transaction> since(long position) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ).position(position)) {
            var text = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            return transactions(statements(text));
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

    /** Reads the statements out of the log's text; empty ones, by which a pool tries a connection, are left out. */
    static List<Statement> statements(String text) {
        var all = new ArrayList<Statement>();
        // The parameters come as a line of their own after the statement's, of the same process
        var last = new HashMap<String, Integer>();
        for (var entry : entries(text)) {
            if (entry.level.equals("LOG")) {
                last.remove(entry.process);
                var executed = EXECUTED.matcher(entry.message);
                if (executed.matches() && !executed.group(1).isBlank()) {
                    last.put(entry.process, all.size());
                    all.add(new Statement(
                            entry.database,
                            entry.process,
                            entry.at,
                            !entry.transaction.equals("0"),
                            executed.group(1).strip(),
                            List.of()));
                }
            } else if (entry.level.equals("DETAIL") && last.get(entry.process) instanceof Integer index) {
                var parameters = PARAMETERS.matcher(entry.message);
                if (parameters.matches()) {
                    var plain = all.get(index);
                    all.set(
                            index,
                            new Statement(
                                    plain.database(),
                                    plain.process(),
                                    plain.at(),
                                    plain.wrote(),
                                    plain.sql(),
                                    values(parameters.group(1))));
                }
            }
        }
        return all;
    }

    /** Puts statements together by connection, from BEGIN to COMMIT or ROLLBACK. */
    static List<Transaction> transactions(List<Statement> statements) {
        var all = new ArrayList<List<Statement>>();
        var open = new HashMap<String, List<Statement>>();
        for (var statement : statements) {
            var current = open.get(statement.process());
            if (current == null) {
                current = new ArrayList<>();
                all.add(current);
                if (statement.begins()) {
                    open.put(statement.process(), current);
                }
            }
            current.add(statement);
            if (statement.ends()) {
                open.remove(statement.process());
            }
        }
        return all.stream().map(List::copyOf).map(Transaction::new).toList();
    }

    private record Entry(
            String process, String database, String transaction, Instant at, String level, String message) {}

    /** Further lines of a message begin with a tab. */
    private static List<Entry> entries(String text) {
        var all = new ArrayList<Entry>();
        for (var line : text.split("\n")) {
            var first = LINE.matcher(line);
            if (first.matches()) {
                var at = Instant.ofEpochMilli(
                        new BigDecimal(first.group(4)).movePointRight(3).longValue());
                all.add(new Entry(first.group(1), first.group(2), first.group(3), at, first.group(5), first.group(6)));
            } else if (line.startsWith("\t") && !all.isEmpty()) {
                var begun = all.removeLast();
                all.add(new Entry(
                        begun.process,
                        begun.database,
                        begun.transaction,
                        begun.at,
                        begun.level,
                        begun.message + "\n" + line.substring(1)));
            }
        }
        return all;
    }

    /** Reads {@code $1 = 'it''s', $2 = NULL}. */
    private static List<@Nullable String> values(String text) {
        var values = new ArrayList<@Nullable String>();
        var position = 0;
        while (position < text.length()) {
            position = text.indexOf(" = ", position) + 3;
            if (text.startsWith("NULL", position)) {
                values.add(null);
                position += 4;
            } else {
                var value = new StringBuilder();
                position++;
                while (text.charAt(position) != '\'' || text.startsWith("''", position)) {
                    value.append(text.charAt(position));
                    position += text.charAt(position) == '\'' ? 2 : 1;
                }
                values.add(value.toString());
                position++;
            }
            position += 2; // comma and space
        }
        return Collections.unmodifiableList(values);
    }
}
