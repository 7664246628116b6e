package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.TestProvider.Tokens;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests client credentials and the device grant. */
class GrantTests {

    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private final TestProvider provider = TestProvider.shared();

    @Test
    void issuesServiceTokenByClientCredentials() {
        var response = credentials(TestProvider.orderService(), "catalog.reservations");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var token = claims(json(response).get("access_token").stringValue());
        assertThat(token.get("sub").stringValue()).isEqualTo("order-service");
        assertThat(token.get("aud").stringValue()).isEqualTo("feira-api");
        assertThat(token.get("scope").stringValue()).isEqualTo("catalog.reservations");
        assertThat(token.has("roles")).isFalse();
        assertThat(json(response).has("refresh_token")).isFalse();
    }

    @Test
    void rejectsWrongSecretAndUnregisteredScopeAndGrant() {
        assertThat(credentials(TestProvider.basic("order-service", "not-the-secret-at-all-000000"), "")
                        .statusCode())
                .isEqualTo(401);
        assertThat(json(credentials(TestProvider.orderService(), "openid"))
                        .get("error")
                        .stringValue())
                .isEqualTo("invalid_scope");
        assertThat(json(credentials(TestProvider.gateway(), "")).get("error").stringValue())
                .isEqualTo("unauthorized_client");
        assertThat(credentials(null, "").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " : ",
                "%20:%20",
                ":",
                ":secret",
                "order-service:",
                "no-colon",
                "%zz:secret",
                "order-service:%",
                "\1:a"
            })
    void rejectsMalformedBasicCredentials(String credentials) {
        rejectsAuthorization("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic *", "basic YQ", "Basic YTpi YTpi", "Basic Og=="})
    void rejectsAuthorization(String authorization) {
        for (var endpoint : List.of("token", "revoke", "introspect", "device_authorization")) {
            var response = provider.form(
                    "/id/oauth2/" + endpoint, authorization, Map.of("grant_type", "client_credentials", "token", "t"));

            assertThat(response.statusCode()).as(endpoint + response.body()).isEqualTo(401);
            assertThat(json(response).get("error").stringValue()).isEqualTo("invalid_client");
            assertThat(response.headers().firstValue("WWW-Authenticate"))
                    .hasValueSatisfying(it -> assertThat(it).startsWith("Basic"));
        }
    }

    @Test
    void returns403ForProfileWithServiceToken() {
        var token = json(credentials(TestProvider.orderService(), "catalog.reservations"))
                .get("access_token")
                .stringValue();

        assertThat(provider.get("/id/users/me", token).statusCode()).isEqualTo(403);
    }

    private HttpResponse<String> credentials(String authorization, String scope) {
        var fields = new LinkedHashMap<>(Map.of("grant_type", "client_credentials"));
        if (!scope.isEmpty()) {
            fields.put("scope", scope);
        }
        return provider.form("/id/oauth2/token", authorization, fields);
    }

    // --- devices

    private record Device(String deviceCode, String userCode, String verificationUri) {}

    private Device start() {
        return start("profile email");
    }

    private Device start(String scope) {
        var response = provider.form(
                "/id/oauth2/device_authorization", null, Map.of("client_id", "feira-cli", "scope", scope));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var json = json(response);
        return new Device(
                json.get("device_code").stringValue(),
                json.get("user_code").stringValue(),
                json.get("verification_uri_complete").stringValue());
    }

    private HttpResponse<String> poll(Device device) {
        return provider.form(
                "/id/oauth2/token",
                null,
                Map.of("grant_type", DEVICE_GRANT, "client_id", "feira-cli", "device_code", device.deviceCode()));
    }

    private String error(Device device) {
        var response = poll(device);
        assertThat(response.statusCode()).isEqualTo(400);
        return json(response).get("error").stringValue();
    }

    private Browser signedIn() {
        var browser = new Browser(provider);
        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        return browser;
    }

    private HttpResponse<String> decide(Browser browser, Device device, String decision) {
        var page = browser.get(device.verificationUri());
        var question =
                browser.post("/id/activate", Map.of("user_code", device.userCode(), "_csrf", Browser.csrf(page)));
        assertThat(question.body()).contains(device.userCode(), "Feira command line");
        return browser.post(
                "/id/activate/decision",
                Map.of("user_code", device.userCode(), "decision", decision, "_csrf", Browser.csrf(question)));
    }

    @Test
    void issuesTokensAfterDeviceIsApproved() {
        var device = start();
        assertThat(device.verificationUri())
                .isEqualTo(TestProvider.ISSUER + "/activate?user_code=" + device.userCode());
        assertThat(error(device)).isEqualTo("authorization_pending");

        var done = decide(signedIn(), device, "allow");

        assertThat(done.body()).contains("Your device is connected");
        var tokens = Tokens.of(poll(device));
        assertThat(json(provider.get("/id/users/me", tokens.access()))
                        .get("email")
                        .stringValue())
                .isEqualTo(TestProvider.ANA);
        var refreshed = provider.form(
                "/id/oauth2/token",
                null,
                Map.of("grant_type", "refresh_token", "client_id", "feira-cli", "refresh_token", tokens.refresh()));
        Tokens.of(refreshed);
        assertThat(poll(device).statusCode()).as("a device code is valid once").isEqualTo(400);
    }

    @Test
    void issuesIdTokenToDeviceThatRequestsOpenId() {
        var device = start("openid email offline_access no-such-scope");
        decide(signedIn(), device, "allow");

        var response = poll(device);

        var tokens = Tokens.of(response);
        assertThat(json(response).get("scope").stringValue().split(" "))
                .containsExactlyInAnyOrder("openid", "email", "offline_access");
        var id = claims(tokens.id());
        assertThat(id.get("aud").stringValue()).isEqualTo("feira-cli");
        assertThat(id.get("sub")).isEqualTo(claims(tokens.access()).get("sub"));
        assertThat(id.get("auth_time").longValue()).isPositive();
        assertThat(json(provider.get("/id/userinfo", tokens.access()))
                        .get("email")
                        .stringValue())
                .isEqualTo(TestProvider.ANA);
        var refreshed = Tokens.of(provider.form(
                "/id/oauth2/token",
                null,
                Map.of("grant_type", "refresh_token", "client_id", "feira-cli", "refresh_token", tokens.refresh())));
        assertThat(claims(refreshed.id()).get("sid")).isEqualTo(id.get("sid"));
    }

    @Test
    void returnsAccessDeniedAfterDeviceIsDenied() {
        var device = start();

        assertThat(decide(signedIn(), device, "deny").body()).contains("refused");

        assertThat(error(device)).isEqualTo("access_denied");
    }

    @Test
    void keepsDevicePendingWhenLinkIsOpened() {
        var device = start();
        var browser = signedIn();

        browser.get(device.verificationUri());
        var framework = browser.get("/id/oauth2/device_verification?user_code=" + device.userCode());
        var forged = browser.post("/id/activate/decision", Map.of("user_code", device.userCode(), "decision", "allow"));

        assertThat(framework.statusCode()).isIn(403, 404);
        assertThat(Browser.location(forged)).endsWith("/id/activate"); // the user has to confirm again
        assertThat(error(device)).isEqualTo("authorization_pending");
    }

    @Test
    void redirectsDevicePageToLogin() {
        var response = new Browser(provider).get("/id/activate?user_code=BCDF-GHJK");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(Browser.location(response)).endsWith("/id/login");
    }

    @Test
    void limitsGuessesByDecision() {
        var device = start();
        var browser = new Browser(provider);
        browser.logIn(provider.newAccount(), TestProvider.PASSWORD);
        var csrf = Browser.csrf(browser.get("/id/activate"));
        for (var letter : "BCDFGHJKLM".toCharArray()) {
            var guess = Map.of("user_code", "bbbb bbb" + letter, "decision", "allow", "_csrf", csrf);
            assertThat(browser.post("/id/activate/decision", guess).statusCode())
                    .isEqualTo(404);
        }

        var right = Map.of("user_code", device.userCode(), "decision", "allow", "_csrf", csrf);
        assertThat(browser.post("/id/activate/decision", right).statusCode()).isEqualTo(404);

        assertThat(error(device)).isEqualTo("authorization_pending");
    }

    @Test
    void returns404ForUnknownDeviceCodeAnd429AfterTooMany() {
        var email = provider.newAccount();
        var browser = new Browser(provider);
        browser.logIn(email, TestProvider.PASSWORD);
        var csrf = Browser.csrf(browser.get("/id/activate"));
        HttpResponse<String> response = null;
        for (var i = 0; i < 11; i++) {
            response = browser.post(
                    "/id/activate", Map.of("user_code", "bbbb bbb" + "BCDFGHJKLMN".charAt(i), "_csrf", csrf));
            assertThat(response.statusCode()).isIn(404, 429);
        }
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).contains("Too many attempts");
    }
}
