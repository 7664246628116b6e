package dev.feira.user;

import java.util.stream.Collectors;

/** Reads the whole database of a service as text, like a stolen backup. */
final class DatabaseDump {

    private DatabaseDump() {}

    static String of(TestProvider provider) {
        var jdbc = provider.jdbc();
        return jdbc
                .sql("select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list()
                .stream()
                .flatMap(table -> jdbc
                        // bytea values as text, too
                        .sql("select row_to_json(t)::text || ' ' || coalesce("
                                + "(select string_agg(encode(decode(substr(value, 3), 'hex'), 'escape'), ' ')"
                                + " from json_each_text(row_to_json(t)) where value like '\\\\x%'), '')"
                                + " from \"" + table + "\" t")
                        .query(String.class)
                        .list()
                        .stream())
                .collect(Collectors.joining("\n"));
    }
}
