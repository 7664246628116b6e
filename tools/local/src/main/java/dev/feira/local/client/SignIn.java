package dev.feira.local.client;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a person signs in from a command line: Feira is an OpenID Connect provider, this is its client feira-cli. */
public final class SignIn {

    private static final String CLIENT = "feira-cli";
    private static final String SCOPES = "openid profile email";

    /** Spring's authorization server refuses {@code openid} here: a device gets no ID token. */
    private static final String DEVICE_SCOPES = "profile email";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** Login page, its post, and back to the authorization endpoint: five; more is a loop. */
    private static final int REDIRECTS = 10;

    private final Http http;
    private final URI url;

    SignIn(Http http, URI url) {
        this.http = http;
        this.url = url;
    }

    /**
     * The authorization code flow with PKCE, through the real login page, as a browser would: opens it, fills in the
     * form, follows the redirects. The last one goes to a loopback address; its code is read from there and nothing
     * needs to listen.
     *
     * @throws ApiProblem status 401, type {@code login-refused}: the password is wrong or the account is locked
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8252#section-7.3">RFC 8252, loopback redirects</a>
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636, PKCE</a>
     */
    public Tokens withPassword(String email, String password) {
        var endpoints = endpoints();
        var redirect = "http://127.0.0.1:" + (49152 + RANDOM.nextInt(16384)) + "/callback";
        var state = random();
        var verifier = random();
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", CLIENT);
        query.put("redirect_uri", redirect);
        query.put("scope", SCOPES);
        query.put("state", state);
        query.put("nonce", random());
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
        var authorization = URI.create(endpoint(endpoints, "authorization_endpoint") + "?" + Http.query(query));
        try (var browser = browser()) {
            var callback = throughLoginPage(browser, authorization, redirect, email, password);
            var answer = parameters(callback);
            if (!state.equals(answer.get("state"))) {
                throw new ApiProblem(
                        "the authorization endpoint", 302, "state-differs", "this is not our answer", null);
            }
            var code = answer.get("code");
            if (code == null) {
                throw new ApiProblem(
                        "the authorization endpoint",
                        302,
                        answer.getOrDefault("error", "no-code"),
                        answer.getOrDefault("error_description", ""),
                        null);
            }
            return token(
                    endpoints,
                    Map.of(
                            "grant_type", "authorization_code",
                            "client_id", CLIENT,
                            "code", code,
                            "redirect_uri", redirect,
                            "code_verifier", verifier));
        }
    }

    /** Begins a sign-in that a person completes in a browser. */
    public DeviceAuthorization onDevice() {
        var request = HttpRequest.newBuilder(URI.create(endpoint(endpoints(), "device_authorization_endpoint")));
        var answer = http.tree(form(request, Map.of("client_id", CLIENT, "scope", DEVICE_SCOPES)));
        var complete = answer.path("verification_uri_complete").asString("");
        return new DeviceAuthorization(
                answer.path("device_code").asString(""),
                answer.path("user_code").asString(""),
                URI.create(answer.path("verification_uri").asString("")),
                complete.isEmpty() ? null : URI.create(complete),
                Instant.now().plusSeconds(answer.path("expires_in").asLong(300)),
                Duration.ofSeconds(answer.path("interval").asLong(5)));
    }

    /**
     * Waits until the person has completed it in the browser.
     *
     * @throws ApiProblem type {@code access_denied} or {@code expired_token}: the person refused or was too late
     */
    public Tokens awaitDevice(DeviceAuthorization device) throws InterruptedException {
        var endpoints = endpoints();
        var pause = device.interval();
        while (true) {
            Thread.sleep(pause);
            try {
                return token(
                        endpoints,
                        Map.of(
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:device_code",
                                "client_id",
                                CLIENT,
                                "device_code",
                                device.deviceCode()));
            } catch (ApiProblem e) {
                switch (e.type()) {
                    case "authorization_pending" -> {}
                    // RFC 8628, section 3.5: five seconds more from now on
                    case "slow_down" -> pause = pause.plusSeconds(5);
                    default -> throw e;
                }
            }
        }
    }

    /** New tokens for old; the old refresh token is worth nothing after that. */
    public Tokens refresh(Tokens old) {
        var refresh = old.refresh();
        if (refresh == null) {
            throw new IllegalArgumentException("these tokens came without a refresh token");
        }
        return token(endpoints(), Map.of("grant_type", "refresh_token", "client_id", CLIENT, "refresh_token", refresh));
    }

    private JsonNode endpoints() {
        return http.tree(HttpRequest.newBuilder(URI.create(url + "/id/.well-known/openid-configuration"))
                .header("Accept", "application/json")
                .timeout(Http.TIMEOUT));
    }

    private static String endpoint(JsonNode endpoints, String name) {
        var value = endpoints.path(name).asString("");
        if (value.isEmpty()) {
            throw new ApiProblem("the discovery document", 200, "", name + " is missing", endpoints);
        }
        return value;
    }

    private Tokens token(JsonNode endpoints, Map<String, String> fields) {
        var answer = http.tree(form(HttpRequest.newBuilder(URI.create(endpoint(endpoints, "token_endpoint"))), fields));
        var refresh = answer.path("refresh_token").asString("");
        return new Tokens(
                answer.path("access_token").asString(""),
                refresh.isEmpty() ? null : refresh,
                Duration.ofSeconds(answer.path("expires_in").asLong(0)));
    }

    private static HttpRequest.Builder form(HttpRequest.Builder request, Map<String, String> fields) {
        return request.header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .timeout(Http.TIMEOUT)
                .POST(Http.form(fields));
    }

    /** One sign-in is one visit: its cookies are nobody else's. */
    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(3))
                .followRedirects(HttpClient.Redirect.NEVER)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .build();
    }

    private URI throughLoginPage(HttpClient browser, URI start, String redirect, String email, String password) {
        var answer = visit(browser, start, null);
        var posted = false;
        for (var step = 0; step < REDIRECTS; step++) {
            var location = answer.headers().firstValue("Location").orElse(null);
            if (location != null && answer.statusCode() / 100 == 3) {
                var next = answer.uri().resolve(location);
                if (next.toString().startsWith(redirect)) {
                    return next;
                }
                answer = visit(browser, next, null);
            } else if (answer.statusCode() != 200) {
                throw http.problem(answer);
            } else {
                var page = answer.uri();
                var form = LoginForm.find(answer.body())
                        .orElseThrow(() ->
                                new ApiProblem("GET " + page.getPath(), 200, "", "no login form on the page", null));
                if (posted) {
                    throw new ApiProblem(
                            "the login page",
                            401,
                            "login-refused",
                            "the password is wrong or the account is locked",
                            null);
                }
                posted = true;
                answer = visit(browser, page.resolve(form.action()), form.filled(email, password));
            }
        }
        throw new ApiProblem("the login page", 302, "", "more than " + REDIRECTS + " redirects", null);
    }

    private static HttpResponse<String> visit(HttpClient browser, URI uri, @Nullable Map<String, String> form) {
        var request = HttpRequest.newBuilder(uri).timeout(Http.TIMEOUT).header("Accept", "text/html");
        if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Origin", uri.getScheme() + "://" + uri.getAuthority())
                    .POST(Http.form(form));
        }
        return Http.send(browser, request.build());
    }

    private static Map<String, String> parameters(URI uri) {
        return Arrays.stream(String.valueOf(uri.getRawQuery()).split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(
                        pair -> pair[0],
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                        (first, _) -> first));
    }

    private static String random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return BASE64.encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
