package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Signs in as a program on a person's computer does: authorization code with PKCE, through the real sign-in page.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8252">RFC 8252, OAuth 2.0 for native apps</a>
 */
public final class SignIn {

    private static final String CLIENT = "feira-cli";
    private static final String CALLBACK =
            "http://127.0.0.1:52417/callback"; // nobody listens: the code is in the address
    private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>", Pattern.CASE_INSENSITIVE);
    private static final Pattern FORM = Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final HttpClient browser = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private SignIn() {}

    /** What a sign-in gives: the token response. */
    public static Reply as(String email, String password) {
        var signIn = new SignIn();
        try {
            return signIn.run(email, password);
        } finally {
            signIn.browser.close();
        }
    }

    /** Signs in as a person does in the shop; what comes back holds the session's cookies, and is to be closed. */
    public static HttpClient inTheShop(String email, String password) {
        var signIn = new SignIn();
        var page = signIn.follow(Feira.uri("/login?continue=/"));
        assertThat(signIn.submit(page, email, password).statusCode()).isEqualTo(200);
        return signIn.browser;
    }

    private Reply run(String email, String password) {
        var verifier = random();
        var state = random();
        var asked = new LinkedHashMap<String, String>();
        asked.put("response_type", "code");
        asked.put("client_id", CLIENT);
        asked.put("redirect_uri", CALLBACK);
        asked.put("scope", "openid profile email");
        asked.put("state", state);
        asked.put("code_challenge", challenge(verifier));
        asked.put("code_challenge_method", "S256");

        var page = follow(URI.create(Feira.url() + "/id/oauth2/authorize?" + form(asked)));
        assertThat(page.statusCode()).as("the sign-in page").isEqualTo(200);
        var callback = location(submit(page, email, password));
        var answer = query(callback);
        assertThat(answer)
                .as("the answer to the sign-in of %s: %s", email, callback)
                .containsEntry("state", state)
                .containsKey("code");

        return Http.patiently(Http.request("/id/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(Map.of(
                        "grant_type", "authorization_code",
                        "code", answer.get("code"),
                        "redirect_uri", CALLBACK,
                        "client_id", CLIENT,
                        "code_verifier", verifier))))
                .build());
    }

    /** A new access token for a refresh token. */
    static Reply refresh(String refreshToken) {
        return Http.patiently(Http.request("/id/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(
                        Map.of("grant_type", "refresh_token", "refresh_token", refreshToken, "client_id", CLIENT))))
                .build());
    }

    /** Fills the form in and follows to the callback, or to the page behind it. */
    private HttpResponse<String> submit(HttpResponse<String> page, String email, String password) {
        var form = FORM.matcher(page.body());
        while (form.find()) {
            if (form.group(2).contains("type=\"password\"")) {
                var fields = new LinkedHashMap<String, String>();
                var inputs = INPUT.matcher(form.group(2));
                while (inputs.find()) {
                    var name = attribute(inputs.group(), "name");
                    var value = attribute(inputs.group(), "value");
                    switch (attribute(inputs.group(), "type")) {
                        case "password" -> fields.put(name, password);
                        case "hidden" -> fields.put(name, value);
                        case "text", "email" -> fields.put(name, email);
                        default -> {
                            // check boxes stay as they are: unchecked
                        }
                    }
                }
                var action = page.uri().resolve(attribute(form.group(1), "action"));
                var request = HttpRequest.newBuilder(action)
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form(fields)))
                        .build();
                return follow(request);
            }
        }
        throw new AssertionError("No form with a password at " + page.uri() + ": " + page.body());
    }

    private HttpResponse<String> follow(URI uri) {
        return follow(HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "text/html")
                .build());
    }

    /** Follows redirects until a page, or until they lead to the callback. */
    private HttpResponse<String> follow(HttpRequest first) {
        var request = first;
        for (var hop = 0; hop < 10; hop++) {
            var response = send(request);
            if (response.statusCode() == 429 || response.statusCode() == 503) {
                Http.pause(Duration.ofSeconds(Long.parseLong(
                        response.headers().firstValue("Retry-After").orElse("1"))));
                continue;
            }
            if (response.statusCode() / 100 != 3
                    || location(response).toString().startsWith(CALLBACK)) {
                return response;
            }
            request = HttpRequest.newBuilder(location(response))
                    .timeout(Duration.ofSeconds(20))
                    .header("Accept", "text/html")
                    .build();
        }
        throw new AssertionError("Too many redirects from " + first.uri());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return browser.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static URI location(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Location")
                .map(location -> response.uri().resolve(location))
                .orElseThrow(() -> new AssertionError("No redirect, but " + response.statusCode() + " from "
                        + response.uri() + ": " + response.body()));
    }

    private static String attribute(String tag, String name) {
        var found = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
        return found.find() ? found.group(1).replace("&amp;", "&") : "";
    }

    private static Map<String, String> query(URI uri) {
        return Arrays.stream(uri.getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
