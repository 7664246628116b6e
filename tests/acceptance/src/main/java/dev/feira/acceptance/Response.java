package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP response of any status. */
public record Response(int status, HttpHeaders headers, byte[] bytes) {

    private static final JsonMapper JSON = new JsonMapper();

    static Response of(HttpResponse<byte[]> response) {
        return new Response(response.statusCode(), response.headers(), response.body());
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return JSON.readTree(bytes);
    }

    /** Returns the value at a JSON pointer as text; null where it is missing. */
    public @Nullable String at(String pointer) {
        var node = json().at(pointer);
        return node.isMissingNode() || node.isNull() ? null : node.asString();
    }

    /** Returns the values at a JSON pointer below each element of {@code /items}. */
    public List<String> items(String pointer) {
        return json().at("/items")
                .valueStream()
                .map(item -> item.at(pointer).asString())
                .toList();
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    public Response expect(int expected) {
        assertThat(status).as(this::text).isEqualTo(expected);
        return this;
    }

    /** Expects a problem (RFC 9457) of this type of Feira, without internal details. */
    public Response expectProblem(int expected, String type) {
        expect(expected);
        assertThat(header("Content-Type"))
                .as(this::text)
                .hasValueSatisfying(value -> assertThat(value).startsWith("application/problem+json"));
        assertThat(at("/type")).as(this::text).isEqualTo("urn:feira:problem:" + type);
        assertThat(json().at("/status").asInt()).isEqualTo(expected);
        assertThat(text()).doesNotContain("Exception", "dev.feira", "org.springframework", "SQL", "\tat ");
        return this;
    }

    @Override
    public String toString() {
        return status + " " + text();
    }
}
