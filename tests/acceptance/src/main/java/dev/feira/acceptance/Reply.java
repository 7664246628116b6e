package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer, whatever its status. */
public record Reply(int status, HttpHeaders headers, byte[] bytes) {

    private static final JsonMapper JSON = new JsonMapper();

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return JSON.readTree(bytes);
    }

    /** The value at a JSON pointer, as text; null where there is none. */
    public String at(String pointer) {
        var node = json().at(pointer);
        return node.isMissingNode() || node.isNull() ? null : node.asString();
    }

    /** All values at a JSON pointer below the elements of {@code /items}. */
    List<String> items(String pointer) {
        var values = new ArrayList<String>();
        json().at("/items").forEach(item -> values.add(item.at(pointer).asString()));
        return values;
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    public Reply expect(int expected) {
        assertThat(status).as(this::text).isEqualTo(expected);
        return this;
    }

    /** A problem of RFC 9457 with Feira's type, and nothing of the inside in it. */
    public Reply expectProblem(int expected, String kind) {
        assertThat(status).as(this::text).isEqualTo(expected);
        assertThat(header("Content-Type"))
                .as(this::text)
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(at("/type")).as(this::text).isEqualTo("urn:feira:problem:" + kind);
        assertThat(json().at("/status").asInt()).isEqualTo(expected);
        assertThat(text()).doesNotContain("Exception", "dev.feira", "org.springframework", "SQL", "\tat ");
        return this;
    }

    @Override
    public String toString() {
        return status + " " + text();
    }
}
