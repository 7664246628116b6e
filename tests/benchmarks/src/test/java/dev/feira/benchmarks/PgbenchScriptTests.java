package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PgbenchScriptTests {

    private static final String ID = "2d669774-51d0-4194-81bf-5a583f07f514";
    private static final String TOKEN = "tok_RCcnCTTtDzaz1L_S19CDLsGo";
    private static final String FRESH_ID = "md5(:n::text || E'" + ID + "')::uuid::text";

    @Test
    void transactionsKeepTheirLimits() {
        assertThat(script(List.of(), "BEGIN", "select 1", "COMMIT")).endsWith("BEGIN;\nselect 1;\nCOMMIT;\n");
    }

    @Test
    void identifiersOfTheOrderAreMadeAnewInEachTransaction() {
        assertThat(statement("uuid", "select $1", ID)).isEqualTo("select ((" + FRESH_ID + ")::uuid)");
        assertThat(statement("text", "select $1", "/api/orders/" + ID + "!"))
                .isEqualTo("select ((E'/api/orders/' || " + FRESH_ID + " || E'!')::text)");
        assertThat(statement("text", "select $1", TOKEN))
                .isEqualTo("select ((E'tok_' || md5(:n::text || E'" + TOKEN + "'))::text)");
    }

    @Test
    void whatIsNotTheOrdersStaysAsItWas() {
        assertThat(statement("text", "select $1", "faedbec6-9020-4a02-8382-ce557962214d"))
                .isEqualTo("select ((E'faedbec6-9020-4a02-8382-ce557962214d')::text)");
        assertThat(statement("text", "select $1", "")).isEqualTo("select ((E'')::text)");
        assertThat(statement("text", "select $1", (String) null)).isEqualTo("select (null::text)");
    }

    @Test
    void goodsAreNeighboursAnywhereInTheList() {
        assertThat(statement("text[]", "select $1", "{FRU-B,FRU-A}"))
                .isEqualTo("select ((E'{' || (array[E'FRU-A',E'FRU-B',E'FRU-B-2'])[1 + (:s::int + 1) % 3] || E',' ||"
                        + " (array[E'FRU-A',E'FRU-B',E'FRU-B-2'])[1 + (:s::int + 0) % 3] || E'}')::text[])");
        assertThat(statement("text", "select $1", "FRU-B-2")).isEqualTo("select ((E'FRU-B-2')::text)");
    }

    @Test
    void timesOfTheOrderAreNow() {
        assertThat(statement("timestamp with time zone", "select $1", "2026-11-23 09:08:56.22911+00"))
                .isEqualTo("select (now()::timestamp with time zone)");
        assertThat(statement("timestamp with time zone", "select $1", "2026-11-23 09:23:56+00"))
                .isEqualTo("select ((now() + 900 * interval '1 second')::timestamp with time zone)");
    }

    @Test
    void noColonIsLeftForPgbenchToMisread() {
        assertThat(statement("json", "select $1", "{\"picked\":true, 'a\\b'}"))
                .isEqualTo("select ((E'{\"picked\"\\x3Atrue, ''a\\\\b''}')::json)");
        assertThatThrownBy(() -> script(List.of(), "select '{\"a\":true}'"))
                .isInstanceOf(MeasurementFailed.class)
                .hasMessageContaining("misread");
    }

    @Test
    void bytesStayAsLongAsTheyWere() {
        assertThat(statement("bytea", "select $1", "\\x7b22")).isEqualTo("select (E'\\\\x7b22'::bytea)");
    }

    @Test
    void aCharacterColumnIsNotCutToOneLetter() {
        assertThat(statement("character", "select $1", "EUR")).isEqualTo("select ((E'EUR')::bpchar)");
    }

    @Test
    void aTypeThatTheServerCannotTellIsLeftToIt() {
        var script = script(List.of(), new String[] {"select $1"}, "plain");

        assertThat(script).endsWith("select ((E'plain'));\n");
    }

    private static String statement(String type, String sql, String parameter) {
        var script = script(List.of(type), new String[] {sql}, parameter);
        var line = script.lines().toList().getLast();
        return line.substring(0, line.length() - 1);
    }

    private static String script(List<String> types, String... sql) {
        return script(types, sql, new String[0]);
    }

    private static String script(List<String> types, String[] sql, String... parameters) {
        var at = Instant.parse("2026-11-23T09:08:56.500Z");
        var recording = new Recording(
                List.of(), Set.of(ID, TOKEN), Set.of("2026-11-23 09:08:56.22911+00", "2026-11-23 09:23:56+00"), 0);
        var statements = Arrays.stream(sql)
                .map(text -> new Statement("orders", "17", at, true, text, Arrays.asList(parameters)))
                .toList();
        return new PgbenchScript(recording, List.of("FRU-A", "FRU-B"), List.of("FRU-A", "FRU-B", "FRU-B-2"), _ -> types)
                .of(List.of(new Transaction(statements)));
    }
}
