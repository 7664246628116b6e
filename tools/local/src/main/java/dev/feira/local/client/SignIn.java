package dev.feira.local.client;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import tools.jackson.databind.JsonNode;

/**
 * Signs in from a program, as the OpenID Connect client {@code feira-cli} or as a browser. While the gateway returns 429
 * or 503 with {@code Retry-After}, it waits and repeats.
 */
public final class SignIn {

    private static final String CLIENT = "feira-cli";
    private static final String SCOPES = "openid profile email";

    /** Spring Authorization Server rejects {@code openid} in a device authorization request. */
    private static final String DEVICE_SCOPES = "profile email";

    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final int TOKEN_ATTEMPTS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Http http;
    private final URI url;

    SignIn(Http http, URI url) {
        this.http = http;
        this.url = url;
    }

    /**
     * Runs the authorization code flow with PKCE through the login page. The last redirect goes to a loopback address;
     * the code is read from that address, so no server listens there.
     *
     * @throws ApiProblem status 401, type {@code login-refused}: the password is wrong or the account is locked
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8252#section-7.3">RFC 8252, loopback redirects</a>
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636, PKCE</a>
     */
    public Tokens withPassword(String email, String password) {
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
        var authorization = URI.create(url + "/id/oauth2/authorize?" + Http.query(query));
        return token(Map.of(
                "grant_type", "authorization_code",
                "client_id", CLIENT,
                "code", code(authorization, redirect, state, email, password),
                "redirect_uri", redirect,
                "code_verifier", verifier));
    }

    private String code(URI authorization, String redirect, String state, String email, String password) {
        try (var browser = new BrowserSession()) {
            var response = browser.signIn(authorization, redirect, email, password);
            var callback = BrowserSession.redirect(response);
            if (callback.isEmpty()) {
                throw response.statusCode() == 200
                        ? new ApiProblem("the authorization endpoint", 200, "", "no login form on the page", null)
                        : http.problem(response);
            }
            var parameters = parameters(callback.get());
            var code = parameters.get("code");
            if (code == null || !state.equals(parameters.get("state"))) {
                throw new ApiProblem(
                        "the authorization endpoint",
                        302,
                        code == null ? parameters.getOrDefault("error", "no-code") : "state-differs",
                        parameters.getOrDefault("error_description", ""),
                        null);
            }
            return code;
        }
    }

    /**
     * Signs in to the shop, as a customer does in a browser.
     *
     * @return the session with its cookies; the caller closes it
     * @throws ApiProblem status 401, type {@code login-refused}: the password is wrong or the account is locked
     */
    public BrowserSession inShop(String email, String password) {
        var browser = new BrowserSession();
        try {
            browser.signIn(URI.create(url + "/login?continue=/"), null, email, password);
            var session = http.read(browser.getJson(URI.create(url + "/session")), JsonNode.class);
            if (!session.path("authenticated").asBoolean(false)) {
                throw new ApiProblem("GET /session", 200, "", "the session is not signed in", session);
            }
            return browser;
        } catch (RuntimeException e) {
            browser.close();
            throw e;
        }
    }

    /** Starts a sign-in that the user completes in a browser on any device. */
    public DeviceAuthorization onDevice() {
        var response = post("/id/oauth2/device_authorization", Map.of("client_id", CLIENT, "scope", DEVICE_SCOPES));
        var complete = response.path("verification_uri_complete").asString("");
        return new DeviceAuthorization(
                response.path("device_code").asString(""),
                response.path("user_code").asString(""),
                URI.create(response.path("verification_uri").asString("")),
                complete.isEmpty() ? null : URI.create(complete),
                Instant.now().plusSeconds(response.path("expires_in").asLong(300)),
                Duration.ofSeconds(response.path("interval").asLong(5)));
    }

    /**
     * Waits until the user has completed the sign-in.
     *
     * @throws ApiProblem type {@code access_denied}: the user declined; {@code expired_token}: the time is over
     */
    public Tokens awaitDevice(DeviceAuthorization device) throws InterruptedException {
        var fields = Map.of("grant_type", DEVICE_GRANT, "client_id", CLIENT, "device_code", device.deviceCode());
        var pause = device.interval();
        while (true) {
            Thread.sleep(pause);
            try {
                return token(fields);
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

    /** Exchanges a refresh token for new tokens; the old refresh token is invalid afterwards. */
    public Tokens refresh(Tokens old) {
        var refresh = old.refresh();
        if (refresh == null) {
            throw new IllegalArgumentException("these tokens have no refresh token");
        }
        return token(Map.of("grant_type", "refresh_token", "client_id", CLIENT, "refresh_token", refresh));
    }

    private Tokens token(Map<String, String> fields) {
        var response = post("/id/oauth2/token", fields);
        var refresh = response.path("refresh_token").asString("");
        return new Tokens(
                response.path("access_token").asString(""),
                refresh.isEmpty() ? null : refresh,
                Duration.ofSeconds(response.path("expires_in").asLong(0)));
    }

    private JsonNode post(String path, Map<String, String> fields) {
        var request = Http.form(HttpRequest.newBuilder(URI.create(url + path)), fields)
                .header("Accept", "application/json");
        var response = http.send(request);
        for (var attempt = 1; attempt < TOKEN_ATTEMPTS && Http.waitForRetry(response); attempt++) {
            response = http.send(request);
        }
        return http.read(response, JsonNode.class);
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
        return BASE64.encodeToString(DigestUtils.sha256(verifier));
    }
}
