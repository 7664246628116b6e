package dev.feira.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain client that follows no redirects; as a browser it keeps cookies. */
public final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;
    private final Map<String, String> cookies;

    Http(String base) {
        this(base, null);
    }

    private Http(String base, Map<String, String> cookies) {
        this.base = base;
        this.cookies = cookies;
    }

    /** Returns a client that keeps cookies. */
    public Http browser() {
        return new Http(base, new HashMap<>());
    }

    /** Returns the same browser, whose requests now reach another replica. */
    public Http at(Gateways.Gateway gateway) {
        return new Http(gateway.url(), cookies);
    }

    public Map<String, String> cookies() {
        return cookies;
    }

    /** A response. */
    public record Reply(int status, Map<String, List<String>> headers, String body) {

        public Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> String.join(", ", entry.getValue()))
                    .findFirst();
        }

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /** The last part of the problem's type. */
        public String problem() {
            return json().path("type").asString().replace("urn:feira:problem:", "");
        }
    }

    public Reply get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Reply post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    /** Sends; {@code headers} are names and values in turn. */
    public Reply send(String method, String path, String body, String... headers) {
        try {
            var response = CLIENT.send(
                    request(method, path, body, headers), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (cookies != null) {
                response.headers().allValues("Set-Cookie").forEach(this::keep);
            }
            return new Reply(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the request as the client would send it, for tests that read the body themselves. */
    public HttpRequest request(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (cookies != null && !cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request.build();
    }

    private void keep(String setCookie) {
        var pair = setCookie.split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty() || setCookie.contains("Max-Age=0")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    /** Sends bytes as they are and returns everything until the server closes, for requests that a client rejects. */
    public String raw(String text) {
        var address = URI.create(base);
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static HttpClient client() {
        return CLIENT;
    }
}
