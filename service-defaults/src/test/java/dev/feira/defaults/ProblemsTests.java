package dev.feira.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
class ProblemsTests {

    @LocalServerPort
    int port;

    @Test
    void theMigrationIsDoneBeforeTheTest() {
        assertThat(Http.get(port, "/notes").body()).isEqualTo("[\"first\"]");
    }

    @Test
    void anInvalidFieldIsNamed() {
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
                    []                                      | malformed-json
                    """)
    void aWrongBodyIsABadRequest(String body, String kind) {
        problem(Http.post(port, "/notes", "application/json", body), 400, kind);
    }

    @Test
    void anotherContentTypeIsRefused() {
        problem(Http.post(port, "/notes", "text/plain", "hello"), 415, "unsupported-media-type");
    }

    @Test
    void anotherMethodIsRefused() {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/notes"))
                .DELETE();
        problem(Http.send(request), 405, "method-not-allowed");
    }

    @Test
    void aParameterOfTheWrongFormIsNamed() {
        var response = Http.get(port, "/notes?limit=many");
        problem(response, 400, "invalid-request");
        assertThat(response.body()).contains("\"field\":\"limit\"");
        problem(Http.get(port, "/notes/abc"), 400, "invalid-request");
    }

    @Test
    void anUnknownPathIsNotFound() {
        problem(Http.get(port, "/nowhere", "Authorization", bearer("customer")), 404, "not-found");
    }

    @Test
    void aRefusedUrlIsABadRequest() {
        problem(Http.get(port, "/notes;a=b/..;/staff"), 400, "invalid-request");
    }

    @Test
    void aBugTellsTheClientNothing() {
        var response = Http.get(port, "/bug");
        problem(response, 500, "internal-error");
        assertThat(response.body()).doesNotContain("swordfish", "IllegalState", "dev.feira");
    }

    @Test
    void anonymousIsUnauthenticatedAndTheWrongRoleIsForbidden() {
        problem(Http.get(port, "/me"), 401, "unauthenticated");
        problem(Http.get(port, "/staff", "Authorization", bearer("customer")), 403, "forbidden");
        problem(Http.get(port, "/admin", "Authorization", bearer("staff")), 403, "forbidden");
        assertThat(Http.get(port, "/staff", "Authorization", bearer("staff")).statusCode())
                .isEqualTo(200);
    }

    static void problem(HttpResponse<String> response, int status, String kind) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(response.body()).contains("\"urn:feira:problem:" + kind + "\"", "\"status\":" + status);
    }

    private static String bearer(String role) {
        return "Bearer " + TestIdentity.token("somebody", role);
    }
}
