package dev.feira.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes recorded statements as a script of pgbench that does the same again and again, each time for a new order: the
 * values stay as recorded, but
 *
 * <ul>
 *   <li>identifiers of the order become a hash of the recorded one and of {@code :n}, a random number of the transaction;
 *   <li>SKUs become those of products that stand beside each other from {@code :s} on, as in {@link OrderClient};
 *   <li>times of the order become {@code now()} with the recorded distance.
 * </ul>
 */
final class PgbenchScript {

    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** What pgbench would take for a variable of its own. */
    private static final Pattern VARIABLE = Pattern.compile("(?<!:):[A-Za-z_]");

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH", "+00")
            .toFormatter(Locale.ROOT);

    private final Recording recording;
    private final List<String> recordedSkus;
    private final List<String> allSkus;
    private final Function<String, List<String>> parameterTypes;
    private final Pattern replaced;
    private final Map<String, String> replacements;

    /**
     * @param recordedSkus the goods of the recorded order, neighbours in {@code allSkus}
     * @param allSkus what is bought
     * @param parameterTypes asks the server for the types of a statement's parameters; empty where it cannot tell
     */
    PgbenchScript(
            Recording recording,
            List<String> recordedSkus,
            List<String> allSkus,
            Function<String, List<String>> parameterTypes) {
        this.recording = recording;
        this.recordedSkus = recordedSkus;
        this.allSkus = allSkus;
        this.parameterTypes = parameterTypes;
        this.replacements = replacements();
        // The longest first, and whole ones only: one SKU may begin with another
        this.replaced = Pattern.compile(replacements.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?<![A-Za-z0-9_-])(?:", ")(?![A-Za-z0-9_-])")));
    }

    /** The script for one database. */
    String of(List<Transaction> transactions) {
        var script = new StringBuilder("""
                -- One order's statements in this database, as PostgreSQL recorded them; made anew by each benchmark.
                \\set n random(1, 9223372036854775806)
                \\set s random(0, %d)
                """.formatted(allSkus.size() - 1));
        for (var transaction : transactions) {
            for (var statement : transaction.statements()) {
                script.append(of(statement)).append(";\n");
            }
        }
        return script.toString();
    }

    private String of(Statement statement) {
        if (VARIABLE.matcher(statement.sql()).find()) {
            throw new MeasurementFailed("pgbench would misread the colon in: " + statement.sql());
        }
        if (statement.parameters().isEmpty()) {
            return statement.sql();
        }
        var types = parameterTypes.apply(statement.sql());
        return PARAMETER.matcher(statement.sql()).replaceAll(match -> {
            var index = Integer.parseInt(match.group(1)) - 1;
            var type = index < types.size() ? types.get(index) : "";
            return Matcher.quoteReplacement(expression(statement.parameters().get(index), type, statement.at()));
        });
    }

    private String expression(@Nullable String value, String type, Instant at) {
        // character without a length is one character
        var cast = type.isEmpty() ? "" : "::" + (type.equals("character") ? "bpchar" : type);
        if (value == null) {
            return "(null" + cast + ")";
        }
        if (type.startsWith("timestamp") && recording.ownValues().contains(value)) {
            return "(" + time(value, at) + cast + ")";
        }
        if (value.startsWith("\\x")) { // bytes: an answer that is kept; its length counts, not its words
            return "(" + literal(value) + cast + ")";
        }
        var parts = Stream.<String>builder();
        var end = 0;
        for (MatchResult match : (Iterable<MatchResult>) replaced.matcher(value).results()::iterator) {
            if (match.start() > end) {
                parts.add(literal(value.substring(end, match.start())));
            }
            parts.add(String.valueOf(replacements.get(match.group())));
            end = match.end();
        }
        if (end < value.length() || value.isEmpty()) {
            parts.add(literal(value.substring(end)));
        }
        return "((" + parts.build().collect(Collectors.joining(" || ")) + ")" + cast + ")";
    }

    private Map<String, String> replacements() {
        var all = new TreeMap<String, String>();
        for (var identifier : recording.identifiers()) {
            all.put(identifier, fresh(identifier));
        }
        for (var i = 0; i < recordedSkus.size(); i++) {
            var list = allSkus.stream().map(PgbenchScript::literal).collect(Collectors.joining(","));
            all.put(recordedSkus.get(i), "(array[%s])[1 + (:s::int + %d) %% %d]".formatted(list, i, allSkus.size()));
        }
        return all;
    }

    /** Another identifier for each {@code :n}, of the same form. */
    private static String fresh(String identifier) {
        var hash = "md5(:n::text || " + literal(identifier) + ")";
        if (UUID_FORM.matcher(identifier).matches()) {
            return hash + "::uuid::text";
        }
        var mark = literal(identifier.substring(0, identifier.indexOf('_') + 1)); // e.g. tok_
        return identifier.length() > 40 ? mark + " || " + hash + " || " + hash : mark + " || " + hash;
    }

    private static String time(String value, Instant at) {
        var distance = Duration.between(at, OffsetDateTime.parse(value, TIME))
                .plusMillis(500)
                .toSeconds();
        return Math.abs(distance) <= 1 ? "now()" : "(now() + %d * interval '1 second')".formatted(distance);
    }

    /** Without any colon, which pgbench would look at even inside of quotes. */
    private static String literal(String text) {
        return "E'"
                + text.replace("\\", "\\\\")
                        .replace("'", "''")
                        .replace(":", "\\x3A")
                        .replace("\n", "\\n") + "'";
    }
}
