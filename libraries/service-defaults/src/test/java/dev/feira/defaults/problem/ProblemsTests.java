package dev.feira.defaults.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.Http;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
public class ProblemsTests {

    /** Larger than the limit of 1 MB. */
    private static final String LARGE = "{\"text\": \"" + "a".repeat(1024 * 1024) + "\"}";

    @LocalServerPort
    int port;

    @Autowired
    DataSource database;

    @Test
    void returnsDataAfterTheMigration() {
        assertThat(Http.get(port, "/notes").body()).isEqualTo("[\"first\"]");
    }

    @Test
    void namesInvalidFields() {
        var response = Http.post(port, "/notes", "application/json", "{\"text\": \"\", \"copies\": 0}");

        problem(response, 400, "invalid-request");
        assertThat(response.body()).contains("\"field\":\"text\"", "\"field\":\"copies\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"text": "a", "copies": 1, "price": 3}  | unexpected-field
                    {"text": "a",                           | malformed-json
                    {"text": "a", "copies": "many"}         | invalid-request
                    {"text": "a", "copies": 1e99}           | invalid-request
                    {"text": 7, "copies": 1}                | invalid-request
                    {"text": true, "copies": 1}             | invalid-request
                    {"text": "\\ud83d", "copies": 1}        | invalid-request
                    {"text": "a", "copies": 1, "\\ud83d": 3} | malformed-json
                    []                                      | malformed-json
                    """)
    void returns400ForAnInvalidBody(String body, String kind) {
        problem(Http.post(port, "/notes", "application/json", body), 400, kind);
    }

    @Test
    void returns415ForAnotherContentType() {
        problem(Http.post(port, "/notes", "text/plain", "hello"), 415, "unsupported-media-type");
    }

    /** A truncated form, which Spring would report as a server error. */
    @Test
    void doesNotParseMultipartForms() {
        var form = "multipart/form-data; boundary=part";
        var body = "--part\r\nContent-Disposition: form-data; name=\"text\"";
        problem(Http.post(port, "/notes", form, body), 415, "unsupported-media-type");
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/notes"))
                .method("GET", HttpRequest.BodyPublishers.ofString(body));
        assertThat(Http.send(request, "Content-Type", form).statusCode()).isEqualTo(200);
    }

    @Test
    void returns405ForAnotherMethod() {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/notes"))
                .DELETE();
        problem(Http.send(request), 405, "method-not-allowed");
    }

    @Test
    void namesParameterOfTheWrongType() {
        var response = Http.get(port, "/notes?limit=many");
        problem(response, 400, "invalid-request");
        assertThat(response.body()).contains("\"field\":\"limit\"");
        problem(Http.get(port, "/notes/abc"), 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    kind=STOLEN      | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    kind=0           | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    urgent=maybe     | urgent | must be true or false
                    id=7             | id     | must be a UUID, such as 123e4567-e89b-12d3-a456-426614174000
                    limit=many       | limit  | must be a whole number from 1 to 100
                    limit=1.5        | limit  | must be a whole number from 1 to 100
                    limit=9999999999 | limit  | must be a whole number from 1 to 100
                    limit=101        | limit  | must be less than or equal to 100
                    after=x          | after  | must be a whole number of at least 0
                    """)
    void namesWhatAParameterMayBe(String query, String field, String message) {
        var response = Http.get(port, "/notes/labels?" + query);

        problem(response, 400, "invalid-request");
        assertThat(response.body())
                .contains("\"errors\":[{\"field\":\"%s\",\"message\":\"%s\"}]".formatted(field, message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "kind": "STOLEN"       | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    "kind": ""             | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    "kind": "received"     | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    "kind": 0              | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    "kind": {}             | kind   | must be one of RECEIVED, CORRECTED, WASTE
                    "urgent": "yes"        | urgent | must be true or false
                    "id": "7"              | id     | must be a UUID, such as 123e4567-e89b-12d3-a456-426614174000
                    "at": "today"          | at     | must be a time of ISO 8601, such as 2026-01-31T12:00:00Z
                    "copies": 1.5          | copies | must be a whole number from -2147483648 to 2147483647
                    "copies": "1"          | copies | must be a whole number from -2147483648 to 2147483647
                    "copies": 9999999999   | copies | must be a whole number from -2147483648 to 2147483647
                    "shelf": 9999999999    | shelf  | must be a whole number from -5 to 99
                    "shelf": 1.5           | shelf  | must be a whole number from -5 to 99
                    "rate": "a"            | rate   | must be a decimal number
                    """)
    void namesWhatAFieldMayBe(String wrong, String field, String message) {
        var kind = wrong.startsWith("\"kind\"") ? "" : "\"kind\": \"WASTE\", ";
        var response = Http.post(port, "/notes/labels", "application/json", "{" + kind + wrong + "}");

        problem(response, 400, "invalid-request");
        assertThat(response.body())
                .contains("\"errors\":[{\"field\":\"%s\",\"message\":\"%s\"}]".formatted(field, message));
    }

    /** In this order: no-break space, em space, ideographic space, zero width space, word joiner, byte order mark, … */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u00a0",
                "\u2003",
                "\u3000",
                "\u200b",
                "\u2060",
                "\ufeff",
                "\u3164",
                "\uffa0",
                "\u115f\u1160",
                "\u00ad",
                "\u200d",
                "\u034f",
                "\u180e",
                "\u2028",
                "\u202e",
                "\u2800",
                "\ufe0f",
                "\udb40\udc20",
                " \u00a0\u200b "
            })
    void rejectsNameWithoutAVisibleCharacter(String name) {
        var response = Http.post(port, "/notes/signatures", "application/json", "{\"name\": \"%s\"}".formatted(name));

        problem(response, 400, "invalid-request");
        assertThat(response.body()).contains("must have at least one visible character");
    }

    @ParameterizedTest
    @CsvSource({
        "'\u00a0Ana\u3000', Ana",
        "'\ufeffMaria do\u00a0Mar\u200b', 'Maria do\u00a0Mar'",
        "\u674e\u3000\u56db, \u674e\u3000\u56db",
        "\u2764\ufe0f, \u2764\ufe0f",
        "\ud83d\udc69\u200d\ud83c\udf3e, \ud83d\udc69\u200d\ud83c\udf3e",
    })
    void removesSpacesAroundAName(String name, String stored) {
        var response = Http.post(port, "/notes/signatures", "application/json", "{\"name\": \"%s\"}".formatted(name));

        assertThat(response.body()).isEqualTo('<' + stored + '>');
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "a\\nb", "a\\u007fb", "a\\u0085b"})
    void rejectsControlCharactersInAText(String text) {
        for (var field : List.of("\"name\": \"%s\"", "\"name\": \"Ana\", \"title\": \"%s\"")) {
            var response = Http.post(port, "/notes/signatures", "application/json", "{" + field.formatted(text) + "}");

            problem(response, 400, "invalid-request");
            assertThat(response.body()).contains("must not contain control characters");
        }
    }

    @Test
    void returns404ForAnUnknownPath() {
        problem(Http.get(port, "/nowhere", "Authorization", bearer("customer")), 404, "not-found");
    }

    @Test
    void returns400ForAUrlThatSpringRejects() {
        problem(Http.get(port, "/notes;a=b/..;/staff"), 400, "invalid-request");
    }

    /** Tomcat rejects these before any filter. */
    @ParameterizedTest
    @ValueSource(strings = {"/notes/%00", "/notes/a%2Fb", "/notes/%5C"})
    void returnsAProblemForUrlsThatTomcatRejects(String path) {
        problem(Http.get(port, path), 400, "invalid-request");
    }

    /** Tomcat throws when the first parameter is read. */
    @ParameterizedTest
    @ValueSource(strings = {"?=x", "?limit=1&=x", "?limit=%FF"})
    void returns400ForAMalformedParameter(String query) {
        problem(Http.get(port, "/notes" + query), 400, "invalid-request");
    }

    @Test
    void rejectsLargeBodyByContentLength() {
        problem(Http.post(port, "/notes", "application/json", LARGE), 413, "payload-too-large");
    }

    @Test
    void rejectsLargeBodyWithoutContentLength() {
        for (var path : List.of("/notes", "/notes/bytes")) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(LARGE.getBytes(StandardCharsets.UTF_8))));
            problem(Http.send(request), 413, "payload-too-large");
        }
    }

    @Test
    void returns503WhenARowStaysLocked() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select id from notes for update");

            var response = Http.post(port, "/notes/1/lock", "application/json", "");

            problem(response, 503, "database-unavailable");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
            connection.rollback();
        }
    }

    @Test
    void returns500WithoutDetailsForABug() {
        var response = Http.get(port, "/bug");
        problem(response, 500, "internal-error");
        assertThat(response.body()).doesNotContain("swordfish", "IllegalState", "dev.feira");
    }

    @Test
    void returns401WithoutTokenAnd403ForTheWrongRole() {
        problem(Http.get(port, "/me"), 401, "unauthenticated");
        problem(Http.get(port, "/staff", "Authorization", bearer("customer")), 403, "forbidden");
        problem(Http.get(port, "/admin", "Authorization", bearer("staff")), 403, "forbidden");
        assertThat(Http.get(port, "/staff", "Authorization", bearer("staff")).statusCode())
                .isEqualTo(200);
    }

    public static void problem(HttpResponse<String> response, int status, String kind) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(response.body()).contains("\"urn:feira:problem:" + kind + "\"", "\"status\":" + status);
    }

    private static String bearer(String role) {
        return "Bearer " + TestIdentity.token("somebody", role);
    }
}
