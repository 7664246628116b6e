package dev.feira.local.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests with JSON answers; what is not a success becomes an {@link ApiProblem}. */
final class Http {

    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final JsonMapper json = JsonMapper.builder().build();

    HttpRequest.BodyPublisher body(Object value) {
        return HttpRequest.BodyPublishers.ofString(json.writeValueAsString(value));
    }

    static HttpRequest.BodyPublisher form(Map<String, String> fields) {
        return HttpRequest.BodyPublishers.ofString(query(fields));
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
        var answer = send(request);
        return parsed(answer, () -> json.readValue(body(answer), type));
    }

    JsonNode tree(HttpRequest.Builder request) {
        var answer = send(request);
        return parsed(answer, () -> json.readTree(body(answer)));
    }

    <T> T read(HttpResponse<String> answer, Class<T> type) {
        return parsed(answer, () -> json.readValue(body(answer), type));
    }

    /** Any answer, whatever its status. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(client, request.build());
    }

    static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Unreachable(origin(request.uri()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable(origin(request.uri()), e);
        }
    }

    ApiProblem problem(HttpResponse<String> answer) {
        return ApiProblem.of(name(answer), answer.statusCode(), treeOrNull(answer.body()));
    }

    private String body(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw problem(answer);
        }
        return answer.body();
    }

    private static <T> T parsed(HttpResponse<String> answer, java.util.function.Supplier<T> reading) {
        try {
            return reading.get();
        } catch (JacksonException e) {
            throw new ApiProblem(
                    name(answer),
                    answer.statusCode(),
                    "",
                    "not the JSON that was expected: " + e.getOriginalMessage(),
                    null);
        }
    }

    private @Nullable JsonNode treeOrNull(String body) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String name(HttpResponse<String> answer) {
        return answer.request().method() + " " + answer.uri().getPath();
    }

    private static URI origin(URI uri) {
        return URI.create(uri.getScheme() + "://" + uri.getAuthority());
    }
}
