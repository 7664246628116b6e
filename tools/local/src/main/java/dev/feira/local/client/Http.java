package dev.feira.local.client;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests and reads JSON responses; a status other than 2xx becomes an {@link ApiProblem}. */
final class Http {

    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final Set<Integer> RETRYABLE = Set.of(429, 503);

    private final HttpClient client = builder().build();
    private final JsonMapper json = JsonMapper.builder().build();

    static HttpClient.Builder builder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(3));
    }

    HttpRequest.BodyPublisher body(Object value) {
        return HttpRequest.BodyPublishers.ofString(json.writeValueAsString(value));
    }

    static HttpRequest.Builder form(HttpRequest.Builder request, Map<String, String> fields) {
        return request.timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(query(fields)));
    }

    static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    <T> T json(HttpRequest.Builder request, Class<T> type) {
        return read(send(request), type);
    }

    <T> T json(HttpRequest.Builder request, TypeReference<T> type) {
        return read(send(request), json.getTypeFactory().constructType(type));
    }

    <T> T read(HttpResponse<String> response, Class<T> type) {
        return read(response, json.getTypeFactory().constructType(type));
    }

    private <T> T read(HttpResponse<String> response, JavaType type) {
        if (response.statusCode() / 100 != 2) {
            throw problem(response);
        }
        try {
            return json.readValue(response.body(), type);
        } catch (JacksonException e) {
            var detail = "the body is not the expected JSON: " + e.getOriginalMessage();
            throw new ApiProblem(name(response), response.statusCode(), "", detail, null);
        }
    }

    /** Returns the response whatever its status. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(client, request.build());
    }

    static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Unreachable(request.uri().resolve("/"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable(request.uri().resolve("/"), e);
        }
    }

    /**
     * Waits as long as the {@code Retry-After} of a 429 or 503 says, at most 15 s.
     *
     * @return false for any other response
     */
    static boolean waitForRetry(HttpResponse<String> response) {
        var seconds = response.headers().firstValue("Retry-After").orElse("");
        if (!RETRYABLE.contains(response.statusCode()) || !seconds.matches("\\d{1,9}")) {
            return false;
        }
        try {
            Thread.sleep(Duration.ofSeconds(Math.min(Long.parseLong(seconds), TIMEOUT.toSeconds())));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    ApiProblem problem(HttpResponse<String> response) {
        return ApiProblem.of(name(response), response.statusCode(), treeOrNull(response.body()));
    }

    private @Nullable JsonNode treeOrNull(String body) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String name(HttpResponse<String> response) {
        return response.request().method() + " " + response.uri().getPath();
    }
}
