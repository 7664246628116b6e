package dev.feira.user;

import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.feira.user.keys.KeyRing;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests every operation with every role, and every invalid token. */
class AccessTests {

    private final TestProvider provider = TestProvider.shared();

    private record Operation(String method, String path, String body) {

        String name() {
            return method + " " + path;
        }
    }

    private static final String NEW_USER = """
            {"email": "not-an-address", "password": "x", "name": "x"}""";

    /** Operation to the status for: no token, a customer, staff, an admin, a service. 400 and 404 mean: permitted. */
    private static final Map<Operation, List<Integer>> MATRIX = new LinkedHashMap<>();

    static {
        MATRIX.put(new Operation("POST", "/users", NEW_USER), List.of(400, 400, 400, 400, 400));
        MATRIX.put(new Operation("GET", "/users", null), List.of(401, 403, 403, 400, 403));
        MATRIX.put(new Operation("GET", "/users/me", null), List.of(401, 200, 200, 200, 403));
        MATRIX.put(new Operation("PATCH", "/users/me", "{}"), List.of(401, 200, 200, 200, 403));
        MATRIX.put(new Operation("PUT", "/users/me/password", "{}"), List.of(401, 400, 400, 400, 403));
        MATRIX.put(new Operation("GET", "/users/me/addresses", null), List.of(401, 200, 200, 200, 403));
        MATRIX.put(new Operation("POST", "/users/me/addresses", "{}"), List.of(401, 400, 400, 400, 403));
        MATRIX.put(new Operation("PUT", "/users/me/addresses/{id}", "{}"), List.of(401, 400, 400, 400, 403));
        MATRIX.put(new Operation("DELETE", "/users/me/addresses/{id}", null), List.of(401, 404, 404, 404, 403));
        MATRIX.put(new Operation("GET", "/users/me/sign-ins", null), List.of(401, 200, 200, 200, 403));
        MATRIX.put(new Operation("DELETE", "/users/me/sign-ins", null), List.of(401, 204, 409, 409, 403));
        MATRIX.put(new Operation("DELETE", "/users/me", "{}"), List.of(401, 400, 400, 400, 403));
        MATRIX.put(new Operation("POST", "/users/me/verification", null), List.of(401, 202, 204, 204, 403));
        MATRIX.put(new Operation("POST", "/users/me/email", "{}"), List.of(401, 400, 400, 400, 403));
        MATRIX.put(new Operation("GET", "/feeds/users", null), List.of(401, 403, 403, 403, 403));
        MATRIX.put(new Operation("PUT", "/users/{id}/roles", "{}"), List.of(401, 403, 403, 400, 403));
        MATRIX.put(new Operation("GET", "/keys", null), List.of(401, 403, 403, 200, 403));
        MATRIX.put(new Operation("POST", "/keys/rotation", null), List.of(401, 403, 403, 200, 403));
        MATRIX.put(new Operation("GET", "/security-events", null), List.of(401, 403, 403, 200, 403));
        MATRIX.put(new Operation("GET", "/audit", null), List.of(401, 403, 200, 200, 403));
    }

    @Test
    void permitsEachOperationForItsRolesOnly() {
        var callers = new LinkedHashMap<String, String>();
        callers.put("no token", null);
        callers.put("customer", provider.signIn(provider.newAccount()).access());
        callers.put("staff", provider.signIn(TestProvider.SOFIA).access());
        callers.put("admin", provider.signIn(TestProvider.ADMIN).access());
        callers.put("service", serviceToken());
        var wrong = new ArrayList<String>();
        MATRIX.forEach((operation, expected) -> {
            var column = 0;
            for (var caller : callers.entrySet()) {
                var path = operation.path().replace("{id}", UUID.randomUUID().toString());
                var status = provider.send(operation.method(), "/id" + path, caller.getValue(), operation.body())
                        .statusCode();
                if (status != expected.get(column)) {
                    wrong.add(operation.name() + " as " + caller.getKey() + ": " + status + ", not "
                            + expected.get(column));
                }
                column++;
            }
        });

        assertThat(wrong).isEmpty();
    }

    @Test
    void coversEveryDocumentedOperation() {
        var documented = new TreeSet<String>();
        var document = json(provider.get("/id/openapi.json", null));
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method ->
                                documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));

        assertThat(MATRIX.keySet().stream().map(Operation::name)).containsExactlyInAnyOrderElementsOf(documented);
        assertThat(document.get("openapi").stringValue()).startsWith("3.1");
    }

    @Test
    void describesPublicOperationsByTheirPublicPaths() {
        var document = json(provider.get("/id/openapi.json/public", null));

        assertThat(document.get("paths").propertyNames())
                .contains("/api/users", "/api/users/me", "/api/users/{id}/roles")
                .contains("/id/keys", "/id/keys/rotation", "/id/security-events")
                .noneMatch(path -> path.contains("audit") || path.contains("feeds"));
    }

    @Test
    void deniesUnlistedPaths() {
        var admin = provider.signIn(TestProvider.ADMIN).access();
        for (var path : List.of("/users/" + UUID.randomUUID(), "/users/me/../" + UUID.randomUUID(), "/keys/anything")) {
            assertThat(provider.get("/id" + path, admin).statusCode()).as(path).isIn(400, 403, 404, 405);
        }
        for (var path :
                List.of("/actuator", "/actuator/health", "/actuator/env", "/h2-console", "/error", "/%2e%2e/")) {
            assertThat(provider.get("/id" + path, null).statusCode()).as(path).isIn(302, 400, 401, 403, 404);
        }
    }

    @Test
    void rejectsInvalidTokensWith401() throws Exception {
        var good = SignedJWT.parse(provider.signIn(TestProvider.ANA).access());
        var key = Objects.requireNonNull(provider.bean(KeyRing.class).signing().privateKey());
        var claims = good.getJWTClaimsSet();
        assertThat(me(signed(key, claims)).statusCode())
                .as("a valid token, signed the same way")
                .isEqualTo(200);
        var tokens = provider.signIn(TestProvider.ANA);

        var bad = new LinkedHashMap<String, String>();
        bad.put("alg none", new PlainJWT(claims).serialize());
        bad.put("the public key as an HMAC secret", hmac(key, claims));
        bad.put(
                "another issuer",
                signed(key, with(claims).issuer("https://evil.example/id").build()));
        bad.put("no issuer", signed(key, with(claims).issuer(null).build()));
        bad.put(
                "another audience",
                signed(key, with(claims).audience("feira-gateway").build()));
        bad.put("no audience", signed(key, with(claims).audience((String) null).build()));
        bad.put(
                "expired",
                signed(
                        key,
                        with(claims)
                                .expirationTime(Date.from(Instant.now().minusSeconds(120)))
                                .build()));
        bad.put(
                "not yet",
                signed(
                        key,
                        with(claims)
                                .notBeforeTime(Date.from(Instant.now().plusSeconds(600)))
                                .build()));
        bad.put(
                "another key under the same id",
                signed(new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate(), claims));
        bad.put(
                "an unknown key",
                signed(new ECKeyGenerator(Curve.P_256).keyID("unknown").generate(), claims));
        bad.put("a changed payload", changed(good));
        bad.put("no signature", good.getParsedParts()[0] + "." + good.getParsedParts()[1] + ".");
        bad.put("an ID token", tokens.id());
        bad.put("a refresh token", tokens.refresh());
        bad.put("no token at all", "x");
        bad.forEach((what, token) -> {
            var response = me(token);
            assertThat(response.statusCode()).as(what).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
                    .as(what)
                    .startsWith("Bearer");
            assertThat(json(response).get("type").stringValue()).isEqualTo("urn:feira:problem:unauthenticated");
            assertThat(provider.get("/id/userinfo", token).statusCode())
                    .as("userinfo: " + what)
                    .isEqualTo(401);
        });
        assertThat(provider.get("/id/users/me?access_token=" + good.serialize(), null)
                        .statusCode())
                .as("in the address")
                .isEqualTo(401);
    }

    private HttpResponse<String> me(String token) {
        return provider.get("/id/users/me", token);
    }

    private static JWTClaimsSet.Builder with(JWTClaimsSet claims) {
        return new JWTClaimsSet.Builder(claims);
    }

    private static String signed(ECKey key, JWTClaimsSet claims) {
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .type(JOSEObjectType.JWT)
                            .build(),
                    claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static String hmac(ECKey key, JWTClaimsSet claims) throws com.nimbusds.jose.JOSEException {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
        jwt.sign(new MACSigner(key.toECPublicKey().getEncoded()));
        return jwt.serialize();
    }

    private static String changed(SignedJWT good) throws Exception {
        var admin =
                with(good.getJWTClaimsSet()).claim("roles", List.of("admin")).build();
        return good.getParsedParts()[0] + "."
                + com.nimbusds.jose.util.Base64URL.encode(admin.toPayload().toBytes()) + "."
                + good.getParsedParts()[2];
    }

    private String serviceToken() {
        return json(provider.form(
                        "/id/oauth2/token",
                        TestProvider.orderService(),
                        Map.of("grant_type", "client_credentials", "scope", "catalog.reservations")))
                .get("access_token")
                .stringValue();
    }

    @Test
    void pagesThroughSecurityEvents() {
        var admin = provider.signIn(TestProvider.ADMIN).access();
        var email = "person-" + UUID.randomUUID() + "@feira.example";
        var id = provider.register(email);
        provider.signIn(email);

        var first = json(provider.get("/id/security-events?limit=1&user=" + id, admin));
        assertThat(first.get("items").get(0).get("type").stringValue()).isEqualTo("SIGN_IN_SUCCEEDED");
        var cursor = first.get("nextCursor").stringValue();
        var second = json(provider.get("/id/security-events?limit=1&user=" + id + "&cursor=" + cursor, admin));
        assertThat(second.get("items").get(0).get("type").stringValue()).isEqualTo("ACCOUNT_REGISTERED");
        assertThat(second.get("nextCursor").isNull()).isTrue();
        var forged =
                provider.get("/id/security-events?cursor=A" + cursor.substring(1, cursor.length() - 1) + "A", admin);
        assertThat(forged.statusCode()).isEqualTo(400);
        assertThat(json(forged).get("type").stringValue()).isEqualTo("urn:feira:problem:invalid-cursor");
    }

    /** The first parameter is read by a page, by Spring Security, or by the authorization server. */
    @ParameterizedTest
    @ValueSource(strings = {"/security-events", "/users", "/login", "/logout", "/oauth2/authorize", "/connect/logout"})
    void returnsNoServerErrorForParameterWithoutName(String path) {
        var admin = provider.signIn(TestProvider.ADMIN).access();

        for (var caller : new String[] {admin, null}) {
            var response = provider.get("/id" + path + "?=x", caller);
            assertThat(response.statusCode()).as(response.body()).isLessThan(500);
        }
        var posted = provider.form("/id" + path, null, Map.of("", "x"));
        assertThat(posted.statusCode()).as(posted.body()).isLessThan(500);
    }

    /** PostgreSQL rejects NUL in text. */
    @Test
    void returnsClientErrorForNulCharacter() {
        var admin = provider.signIn(TestProvider.ADMIN).access();
        var found = provider.get("/id/users?email=%00a@feira.example", admin);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(400);

        var browser = new Browser(provider);
        for (var email : List.of("\0a@feira.example", "a\0b@feira.example")) {
            assertThat(Browser.location(browser.logIn(email, "a password"))).contains("/id/login?error");
        }
        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var csrf = Browser.csrf(browser.get("/id/activate"));
        assertThat(browser.post("/id/activate", Map.of("user_code", "\0BCDFGHJ", "_csrf", csrf))
                        .statusCode())
                .isEqualTo(404);
        for (var parameter : List.of("state", "nonce", "login_hint", "redirect_uri", "scope")) {
            var request = browser.authorizationRequest(TestProvider.Client.CLI, Map.of(parameter, "a\0b"));
            assertThat(browser.get(request).statusCode()).as(parameter).isEqualTo(400);
        }
        var named = browser.authorizationRequest(TestProvider.Client.CLI, Map.of("a\0b", "1"));
        assertThat(browser.get(named).statusCode()).isEqualTo(400);
        for (var endpoint : List.of("token", "device_authorization", "revoke", "introspect")) {
            var text = "\0";
            var response = provider.form(
                    "/id/oauth2/" + endpoint,
                    null,
                    Map.of("client_id", text, "token", text, "grant_type", text, "code", text, "scope", text));
            assertThat(response.statusCode()).as(endpoint + response.body()).isBetween(400, 499);
            var asClient = provider.form(
                    "/id/oauth2/" + endpoint,
                    TestProvider.gateway(),
                    Map.of("token", text, "grant_type", "refresh_token", "refresh_token", text, "scope", text));
            assertThat(asClient.statusCode()).as(endpoint + asClient.body()).isLessThan(500);
        }
    }

    @Test
    void findsAccountByEmailAddress() {
        var admin = provider.signIn(TestProvider.ADMIN).access();

        assertThat(json(provider.get("/id/users?email=ANA@feira.example", admin))
                        .get("name")
                        .stringValue())
                .isEqualTo("Ana Ferreira");
        assertThat(provider.get("/id/users?email=unknown@feira.example", admin).statusCode())
                .isEqualTo(404);
    }

    @Test
    void forbidsFramesAndScriptsOnPages() {
        var headers = new Browser(provider).get("/id/login").headers();

        assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
        assertThat(headers.firstValue("Cache-Control").orElse("")).contains("no-store");
    }
}
