package dev.feira.test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the whole database of a service as text, as someone with a stolen backup would. */
public final class DatabaseDump {

    /** A value of type bytea, as JSON shows it. */
    private static final Pattern BYTES = Pattern.compile("\\\\\\\\x((?:[0-9a-f]{2})+)");

    private DatabaseDump() {}

    /** Returns each row of each table as JSON; bytes as the text that they may be. */
    public static String of(JdbcClient jdbc) {
        return jdbc
                .sql("select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list()
                .stream()
                .flatMap(
                        table -> jdbc
                                .sql("select cast(row_to_json(t) as text) from \"" + table + "\" t")
                                .query(String.class)
                                .list()
                                .stream()
                                .map(row -> table + " " + readable(row)))
                .collect(Collectors.joining("\n"));
    }

    private static String readable(String row) {
        return BYTES.matcher(row)
                .replaceAll(bytes -> Matcher.quoteReplacement(
                        new String(HexFormat.of().parseHex(bytes.group(1)), StandardCharsets.UTF_8)));
    }
}
