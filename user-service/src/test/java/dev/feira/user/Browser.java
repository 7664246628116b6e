package dev.feira.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.TestProvider.Client;
import dev.feira.user.TestProvider.Tokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Simulates the browser of a user: stores cookies, submits forms, follows no redirect by itself, may switch replicas. */
final class Browser {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" (?:type=\"hidden\" )?value=\"([^\"]+)\"");

    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final String verifier = (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
    private TestProvider provider;
    private String address;
    private String language = "en";
    private String agent;

    Browser(TestProvider provider) {
        this.provider = provider;
    }

    /** Sends further requests to another replica, like a load balancer. */
    Browser at(TestProvider replica) {
        this.provider = replica;
        return this;
    }

    /** Sends this client address in X-Forwarded-For, like the gateway. */
    Browser from(String address) {
        this.address = address;
        return this;
    }

    /** Sends this User-Agent. */
    Browser withUserAgent(String agent) {
        this.agent = agent;
        return this;
    }

    Browser prefers(String language) {
        this.language = language;
        return this;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    String verifier() {
        return verifier;
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, Map<String, String> fields) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(TestProvider.encoded(fields))));
    }

    private HttpRequest.Builder request(String path) {
        var local = path.startsWith(TestProvider.PUBLIC_URL) ? path.substring(TestProvider.PUBLIC_URL.length()) : path;
        var request = HttpRequest.newBuilder(URI.create(provider.url() + local))
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "text/html,application/xhtml+xml")
                .header("Accept-Language", language);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        if (address != null) {
            request.header("X-Forwarded-For", address);
        }
        if (agent != null) {
            request.header("User-Agent", agent);
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        var response = TestProvider.send(request.build());
        response.headers().allValues("Set-Cookie").forEach(header -> {
            var pair = header.split(";", 2)[0].split("=", 2);
            if (header.contains("Max-Age=0") || pair[1].isEmpty()) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        });
        return response;
    }

    static String location(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new AssertionError("no redirect: " + response.statusCode() + " " + response.body()));
    }

    static String csrf(HttpResponse<String> page) {
        var found = CSRF.matcher(page.body());
        assertThat(found.find()).as("a CSRF token in " + page.body()).isTrue();
        return found.group(1);
    }

    static Map<String, String> query(String uri) {
        return Arrays.stream(URI.create(uri).getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> java.net.URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    String authorizationRequest(Client client) {
        return authorizationRequest(client, Map.of());
    }

    /** Returns the path of an authorization request with PKCE. */
    String authorizationRequest(Client client, Map<String, String> changes) {
        var parameters = new LinkedHashMap<>(Map.of(
                "response_type", "code",
                "client_id", client.id,
                "redirect_uri", client.redirectUri,
                "scope", "openid profile email",
                "state", "state-of-the-client",
                "nonce", "nonce-of-the-client",
                "code_challenge", challenge(),
                "code_challenge_method", "S256"));
        parameters.putAll(changes);
        parameters.values().removeIf(String::isEmpty);
        return "/id/oauth2/authorize?" + TestProvider.encoded(parameters);
    }

    private String challenge() {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Opens the page of a link and presses its button, with the fields of its form. */
    HttpResponse<String> confirm(String link, Map<String, String> fields) {
        var page = get(link);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        var form = new LinkedHashMap<>(fields);
        form.put("token", query(link).get("token"));
        form.put("_csrf", csrf(page));
        return post(link.substring(0, link.indexOf('?')), form);
    }

    /** Submits the login form and returns the response. */
    HttpResponse<String> logIn(String email, String password) {
        var page = get("/id/login");
        return post("/id/login", Map.of("email", email, "password", password, "_csrf", csrf(page)));
    }

    /** Runs the flow from the authorization request by the login page to the code. */
    String codeFor(Client client, String email, String password) {
        var start = get(authorizationRequest(client));
        if (location(start).endsWith("/id/login")) {
            start = get(location(logIn(email, password)));
        }
        assertThat(location(start)).startsWith(client.redirectUri);
        var response = query(location(start));
        assertThat(response).containsEntry("state", "state-of-the-client").containsKey("code");
        return response.get("code");
    }

    Tokens signInFor(Client client, String email, String password) {
        return Tokens.of(redeem(client, codeFor(client, email, password)));
    }

    HttpResponse<String> redeem(Client client, String code) {
        var fields = new LinkedHashMap<>(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                client.redirectUri,
                "code_verifier",
                verifier));
        if (client == Client.CLI) {
            fields.put("client_id", client.id);
        }
        return provider.form("/id/oauth2/token", client == Client.CLI ? null : TestProvider.gateway(), fields);
    }
}
