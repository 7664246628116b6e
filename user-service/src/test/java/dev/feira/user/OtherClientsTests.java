package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.test.PostgresConfiguration;
import dev.feira.user.TestProvider.Client;
import dev.feira.user.TestProvider.Tokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Signs in as clients do that other people wrote: OpenID Connect Core and Discovery, RFC 6749, 8414, 9207. */
class OtherClientsTests {

    private final TestProvider provider = TestProvider.shared();
    private final Browser browser = new Browser(provider);

    private Map<String, String> requested(Map<String, String> parameters) {
        return Browser.query(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY, parameters))));
    }

    private String idTokenOf(String email) {
        return provider.signIn(email).id();
    }

    private void signedInAsAna() {
        browser.codeFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
    }

    // --- authorization requests

    static Stream<Map<String, String>> requestsForANewSignIn() {
        return Stream.of(
                Map.of("prompt", "login"),
                Map.of("prompt", "login consent"),
                Map.of("prompt", "select_account"),
                Map.of("max_age", "0"),
                Map.of("id_token_hint", "of-another"),
                Map.of("id_token_hint", "not-a-token"));
    }

    private Map<String, String> filledIn(Map<String, String> request) {
        return "of-another".equals(request.get("id_token_hint"))
                ? Map.of("id_token_hint", idTokenOf(TestProvider.SOFIA))
                : request;
    }

    @ParameterizedTest
    @MethodSource("requestsForANewSignIn")
    void asksForNewSignInWhenClientRequestsIt(Map<String, String> request) {
        signedInAsAna();

        var page = browser.get(browser.authorizationRequest(Client.GATEWAY, filledIn(request)));
        if (request.containsKey("id_token_hint")) {
            assertThat(Browser.location(page)).endsWith("/id/login");
            return; // what follows: returnsLoginRequiredWhenAnotherPersonThanInTheHintSignsIn
        }

        assertThat(Browser.location(page)).endsWith("/id/login");
        var before = Instant.now().getEpochSecond();
        var continued = browser.get(Browser.location(browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD)));
        assertThat(Browser.location(continued)).startsWith(Client.GATEWAY.redirectUri);
        var tokens = Tokens.of(browser.redeem(
                Client.GATEWAY, Browser.query(Browser.location(continued)).get("code")));
        assertThat(claims(tokens.id()).get("auth_time").longValue()).isGreaterThanOrEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt=login", "max_age=0", "prompt=select_account", "prompt=login consent"})
    void asksOnceWhenNobodyIsSignedIn(String request) {
        var pair = request.split("=");

        var page = browser.get(browser.authorizationRequest(Client.GATEWAY, Map.of(pair[0], pair[1])));
        assertThat(Browser.location(page)).endsWith("/id/login");
        var continued = browser.get(Browser.location(browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD)));

        assertThat(Browser.query(Browser.location(continued))).containsKey("code");
    }

    @Test
    void returnsLoginRequiredWhenAnotherPersonThanInTheHintSignsIn() {
        var hint = Map.of("id_token_hint", idTokenOf(TestProvider.SOFIA));
        for (var request : List.of(browser, new Browser(provider))) {
            var page = request.get(request.authorizationRequest(Client.GATEWAY, hint));
            assertThat(Browser.location(page)).endsWith("/id/login");

            var continued = request.get(Browser.location(request.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD)));

            assertThat(Browser.query(Browser.location(continued))).containsEntry("error", "login_required");
        }
    }

    static Stream<Map<String, String>> requestsThatSuitNoSession() {
        return requestsForANewSignIn().filter(request -> !request.containsKey("prompt"));
    }

    @ParameterizedTest
    @MethodSource("requestsThatSuitNoSession")
    void returnsLoginRequiredInsteadOfPageWhenClientForbidsPages(Map<String, String> request) {
        signedInAsAna();
        var silent = new HashMap<>(filledIn(request));
        silent.put("prompt", "none");

        assertThat(requested(silent)).containsEntry("error", "login_required").containsKey("state");
    }

    @Test
    void keepsPendingSignInDuringSilentRequestOfAnotherClient() {
        browser.get(browser.authorizationRequest(Client.GATEWAY));
        browser.get(browser.authorizationRequest(Client.CLI, Map.of("prompt", "none")));

        assertThat(Browser.location(
                        browser.get(Browser.location(browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD)))))
                .startsWith(Client.GATEWAY.redirectUri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect%5Furi=https://evil.example/", "redirect_uri="})
    void sendsNothingToAddressThatWasNotChecked(String redirectUri) {
        var response = browser.get("/id/oauth2/authorize?response_type=code&client_id=feira-gateway&scope=profile"
                + "&code_challenge=x&code_challenge_method=S256&prompt=none&" + redirectUri);

        assertThat(Browser.location(response)).startsWith(Client.GATEWAY.redirectUri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_id=nobody&state=x&prompt=none",
                "client_id=order-service&state=x&prompt=none",
                "client_id=feira-gateway&request_uri=x",
                "client_id=order-service&response_type=code",
                ""
            })
    void explainsRequestsOfNobodyByPostAndGet(String request) {
        for (var person : List.of(browser, new Browser(provider))) {
            if (person == browser) {
                person.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
            }
            assertThat(person.get("/id/oauth2/authorize?" + request).statusCode())
                    .isEqualTo(400);
            var posted =
                    person.post("/id/oauth2/authorize", request.isEmpty() ? Map.of() : Browser.query("?" + request));
            assertThat(posted.statusCode() == 400 || posted.statusCode() == 303)
                    .as(posted.statusCode() + posted.body())
                    .isTrue();
            if (posted.statusCode() == 303) {
                assertThat(person.get(Browser.location(posted)).statusCode()).isEqualTo(400);
            }
        }
    }

    @Test
    void acceptsLongRequestByPostOfUserWhoIsSignedIn() {
        signedInAsAna();
        var request = Browser.query(browser.authorizationRequest(Client.GATEWAY, Map.of("state", "x".repeat(5_000))));
        assertThat(Browser.query(Browser.location(browser.post("/id/oauth2/authorize", request))))
                .containsKey("code");

        request.put("state", "x".repeat(7_000));
        assertThat(new Browser(provider).post("/id/oauth2/authorize", request).statusCode())
                .isEqualTo(414);
    }

    @Test
    void returnsLoginRequiredWithoutSession() {
        assertThat(requested(Map.of("prompt", "none")))
                .containsEntry("error", "login_required")
                .containsEntry("state", "state-of-the-client")
                .containsEntry("iss", TestProvider.ISSUER);
    }

    @Test
    void redirectsNowhereForUnknownRedirectUriWithoutSession() {
        var response = browser.get(browser.authorizationRequest(
                Client.GATEWAY, Map.of("prompt", "none", "redirect_uri", "https://evil.example/")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void returnsCodeWithoutPageForSessionThatSuitsTheRequest() {
        signedInAsAna();

        assertThat(requested(Map.of("prompt", "none"))).containsKey("code");
        assertThat(requested(Map.of("max_age", "3600"))).containsKey("code");
        assertThat(requested(Map.of("prompt", "none", "id_token_hint", idTokenOf(TestProvider.ANA))))
                .containsKey("code")
                .containsEntry("iss", TestProvider.ISSUER);
    }

    @ParameterizedTest
    @CsvSource({
        "request, eyJhbGciOiJub25lIn0.e30., request_not_supported",
        "request_uri, https://client.example/request.jwt, request_uri_not_supported",
        "request_uri, urn:ietf:params:oauth:request_uri:x, request_uri_not_supported",
        "max_age, soon, invalid_request",
        "max_age, -1, invalid_request",
        "prompt, none login, invalid_request",
        "code_challenge_method, plain, invalid_request",
        "response_type, token, unsupported_response_type",
        "response_type, '', invalid_request",
    })
    void sendsErrorToClient(String name, String value, String error) {
        assertThat(requested(Map.of(name, value)))
                .containsEntry("error", error)
                .containsEntry("state", "state-of-the-client")
                .containsEntry("iss", TestProvider.ISSUER);
    }

    @Test
    void ignoresUnknownScopesAndGrantsOfflineAccess() {
        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var code = requested(Map.of("scope", "openid offline_access no-such-scope"))
                .get("code");

        var response = browser.redeem(Client.GATEWAY, code);

        assertThat(json(response).get("scope").stringValue().split(" "))
                .containsExactlyInAnyOrder("openid", "offline_access");
        assertThat(Tokens.of(response).refresh()).isNotBlank();
    }

    /** As clients do that repeat the scopes of their first request. */
    @Test
    void ignoresUnknownScopesAtRefresh() {
        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var code = requested(Map.of("scope", "openid offline_access no-such-scope"))
                .get("code");
        var tokens = Tokens.of(browser.redeem(Client.GATEWAY, code));

        var refreshed = refresh(tokens, "openid offline_access no-such-scope");
        var extended = refresh(Tokens.of(refreshed), "openid email");

        assertThat(json(refreshed).get("scope").stringValue().split(" "))
                .containsExactlyInAnyOrder("openid", "offline_access");
        assertThat(json(extended).get("error").stringValue()).isEqualTo("invalid_scope");
    }

    private HttpResponse<String> refresh(Tokens tokens, String scope) {
        return provider.form(
                "/id/oauth2/token",
                TestProvider.gateway(),
                Map.of("grant_type", "refresh_token", "refresh_token", tokens.refresh(), "scope", scope));
    }

    @Test
    void continuesAuthorizationRequestByPostAfterSignIn() {
        var request = browser.authorizationRequest(Client.GATEWAY, Map.of("state", "ä &=+%"));
        var posted = browser.post("/id/oauth2/authorize", Browser.query(request));
        assertThat(posted.statusCode()).isEqualTo(303);
        assertThat(Browser.location(browser.get(Browser.location(posted)))).endsWith("/id/login");

        var continued = browser.get(Browser.location(browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD)));

        assertThat(Browser.query(Browser.location(continued)))
                .containsKey("code")
                .containsEntry("state", "ä &=+%");
    }

    // --- errors that no client can get

    static Stream<Map<String, String>> requestsOfNobody() {
        return Stream.of(
                Map.of("redirect_uri", "https://evil.example/callback"),
                Map.of("redirect_uri", "javascript:alert(1)"),
                Map.of("client_id", "no-such-client"),
                Map.of("client_id", "<script>"));
    }

    @ParameterizedTest
    @MethodSource("requestsOfNobody")
    void explainsWrongParameterToPersonAndDeveloper(Map<String, String> wrong) {
        var path = browser.authorizationRequest(Client.GATEWAY, wrong);
        var parameter = wrong.keySet().iterator().next();

        var page = browser.get(path);
        var portuguese = new Browser(provider).prefers("pt").get(path);
        var problem = provider.get(path, null);

        for (var response : List.of(page, portuguese, problem)) {
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.headers().firstValue("Location")).isEmpty();
            assertThat(response.body()).contains(parameter).doesNotContain("<script>", "evil.example");
        }
        assertThat(page.body()).contains("This sign-in cannot start");
        assertThat(portuguese.body()).contains("Não é possível iniciar sessão");
        assertThat(problem.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(problem).get("type").stringValue()).isEqualTo("urn:feira:problem:invalid-request");
        assertThat(json(problem).get("detail").stringValue()).contains(parameter);
    }

    @Test
    void showsRequestIdOnErrorPage() {
        var request = HttpRequest.newBuilder(URI.create(provider.url()
                        + browser.authorizationRequest(Client.GATEWAY, Map.of("client_id", "no-such-client"))))
                .header("Accept", "text/html")
                .header("X-Request-Id", "id-of-the-request")
                .build();

        assertThat(TestProvider.send(request).body()).contains("id-of-the-request", "no-such-client");
        assertThat(browser.get("/id/authorization-error").statusCode())
                .as("without an error")
                .isEqualTo(404);
    }

    // --- tokens

    @Test
    void putsClaimsOfScopesIntoUserInfoOnly() {
        var tokens = browser.signInFor(Client.CLI, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        assertThat(claims(tokens.id()).propertyNames())
                .contains("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "sid")
                .doesNotContain("email", "roles", "name", "updated_at");
        var info = json(provider.get("/id/userinfo", tokens.access()));
        assertThat(info.get("updated_at").isIntegralNumber()).isTrue();
        assertThat(info.get("updated_at").longValue())
                .isBetween(1_600_000_000L, Instant.now().getEpochSecond());
        assertThat(info.get("email").stringValue()).isEqualTo(TestProvider.ANA);
        assertThat(info.get("roles")).extracting(JsonNode::stringValue).containsExactly("customer");
    }

    @Test
    void returnsClaimsOfGrantedScopesOnly() {
        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var tokens = Tokens.of(browser.redeem(
                Client.GATEWAY, requested(Map.of("scope", "openid")).get("code")));

        assertThat(json(provider.get("/id/userinfo", tokens.access())).propertyNames())
                .containsExactly("sub");
        assertThat(claims(tokens.id()).propertyNames()).doesNotContain("email", "name", "roles");
    }

    // --- discovery

    @Test
    void describesWhatWorksAndNothingElse() {
        var openId = json(provider.get("/id/.well-known/openid-configuration", null));
        var oauth = json(provider.get("/id/.well-known/oauth-authorization-server", null));

        for (var document : List.of(openId, oauth)) {
            assertThat(values(document, "grant_types_supported"))
                    .containsExactly(
                            "authorization_code",
                            "refresh_token",
                            "client_credentials",
                            "urn:ietf:params:oauth:grant-type:device_code");
            assertThat(values(document, "response_types_supported")).containsExactly("code");
            assertThat(values(document, "scopes_supported"))
                    .containsExactly("openid", "profile", "email", "offline_access");
            assertThat(values(document, "token_endpoint_auth_methods_supported"))
                    .containsExactly("client_secret_basic", "client_secret_post", "none");
            assertThat(values(document, "introspection_endpoint_auth_methods_supported"))
                    .containsExactly("client_secret_basic", "client_secret_post");
            assertThat(document.get("authorization_response_iss_parameter_supported")
                            .booleanValue())
                    .isTrue();
            assertThat(document.propertyNames())
                    .doesNotContain(
                            "tls_client_certificate_bound_access_tokens",
                            "dpop_signing_alg_values_supported",
                            "pushed_authorization_request_endpoint",
                            "registration_endpoint");
        }
        for (var unsupported : List.of(
                "claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported")) {
            assertThat(openId.get(unsupported).booleanValue()).as(unsupported).isFalse();
        }
    }

    /** Each of {@code revocation_endpoint_auth_methods_supported}. */
    @ParameterizedTest
    @ValueSource(strings = {"client_secret_basic", "client_secret_post", "none"})
    void revokesTokensByEachMethodOfTheDocument(String method) {
        assertThat(values(
                        json(provider.get("/id/.well-known/openid-configuration", null)),
                        "revocation_endpoint_auth_methods_supported"))
                .contains(method);
        var client = method.equals("none") ? Client.CLI : Client.GATEWAY;
        var tokens = browser.signInFor(client, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var fields = new HashMap<>(Map.of("token", tokens.refresh()));
        if (!method.equals("client_secret_basic")) {
            fields.put("client_id", client.id);
        }
        if (method.equals("client_secret_post")) {
            fields.put("client_secret", TestProvider.GATEWAY_SECRET);
        }

        var basic = method.equals("client_secret_basic") ? TestProvider.gateway() : null;
        assertThat(provider.form("/id/oauth2/revoke", basic, fields).statusCode())
                .isEqualTo(200);

        var refresh = new HashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", tokens.refresh()));
        if (client == Client.CLI) {
            refresh.put("client_id", client.id);
        }
        assertThat(json(provider.form(
                                "/id/oauth2/token", client == Client.CLI ? null : TestProvider.gateway(), refresh))
                        .get("error")
                        .stringValue())
                .isEqualTo("invalid_grant");
    }

    @Test
    void issuesEachClaimOfTheDocument() {
        var tokens = browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var issued = new HashSet<>(claims(tokens.id()).propertyNames());
        issued.addAll(json(provider.get("/id/userinfo", tokens.access())).propertyNames());

        assertThat(issued)
                .containsAll(
                        values(json(provider.get("/id/.well-known/openid-configuration", null)), "claims_supported"));
    }

    private static List<String> values(JsonNode document, String name) {
        return document.get(name).valueStream().map(JsonNode::stringValue).toList();
    }

    @Test
    void respondsAtEachEndpointOfTheDocument() {
        var document = json(provider.get("/id/.well-known/openid-configuration", null));

        for (var name : document.propertyNames()) {
            if (!name.endsWith("_endpoint") && !name.equals("jwks_uri")) {
                continue;
            }
            var path = document.get(name).stringValue().substring(TestProvider.PUBLIC_URL.length());
            assertThat(provider.get(path, null).statusCode()).as(name).isIn(200, 302, 400, 401, 405);
        }
    }

    @Test
    void issuesTokenForClientSecretPostAndIntrospectsIt() {
        var secret = Map.of("client_id", "order-service", "client_secret", TestProvider.ORDER_SECRET);
        var fields = new HashMap<>(secret);
        fields.put("grant_type", "client_credentials");
        var token = json(provider.form("/id/oauth2/token", null, fields))
                .get("access_token")
                .stringValue();
        var introspection = new HashMap<>(secret);
        introspection.put("token", token);

        assertThat(json(provider.form("/id/oauth2/introspect", null, introspection))
                        .get("active")
                        .booleanValue())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/id/.well-known/openid-configuration",
                "/id/.well-known/oauth-authorization-server",
                "/id/oauth2/jwks"
            })
    void permitsAnyOriginAndCachesToReadPublicDocuments(String path) {
        var response = TestProvider.send(HttpRequest.newBuilder(URI.create(provider.url() + path))
                .header("Origin", "https://app.example")
                .build());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(response.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
        assertThat(response.headers().firstValue("Cache-Control")).contains("max-age=300, public");
        assertThat(response.headers().firstValue("Pragma")).isEmpty();
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
        var head = provider.send("HEAD", path, null, null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(response.headers().firstValue("Content-Type"));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void forbidsOtherOriginsToReadTokens() {
        var response = TestProvider.send(HttpRequest.newBuilder(URI.create(provider.url() + "/id/userinfo"))
                .header("Origin", "https://app.example")
                .header(
                        "Authorization",
                        "Bearer " + provider.signIn(TestProvider.ANA).access())
                .build());

        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(response.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(it -> assertThat(it).contains("no-store"));
    }

    // --- wrong methods, paths and credentials

    @ParameterizedTest
    @CsvSource({
        "GET, /id/oauth2/token, 405",
        "PUT, /id/oauth2/token, 405",
        "GET, /id/oauth2/revoke, 405",
        "GET, /id/oauth2/introspect, 405",
        "GET, /id/oauth2/device_authorization, 405",
        "DELETE, /id/oauth2/authorize, 405",
        "POST, /id/oauth2/jwks, 405",
        "POST, /id/.well-known/openid-configuration, 405",
        "PUT, /id/userinfo, 405",
        "DELETE, /id/connect/logout, 405",
        "POST, /id/connect/register, 404",
        "GET, /id/connect/register, 404",
        "POST, /id/oauth2/par, 404",
        "POST, /id/oauth2/register, 404",
        "GET, /id/oauth2/nothing, 404",
        "GET, /id/nothing, 404",
        "POST, /id/nothing, 404",
    })
    void rejectsWrongMethodsAndPaths(String method, String path, int status) {
        var response = provider.send(method, path, null, method.equals("GET") ? null : "{}");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
    }

    @Test
    void challengesEveryClientThatIsNotAuthenticated() {
        var wrong = Map.of(
                "grant_type", "client_credentials",
                "client_id", "order-service",
                "client_secret", "not-the-secret-at-all-000000");
        assertThat(challenge(provider.form("/id/oauth2/token", null, wrong), 401))
                .startsWith("Basic");
        assertThat(challenge(provider.get("/id/userinfo", null), 401)).isEqualTo("Bearer");
        assertThat(challenge(provider.get("/id/userinfo", "nonsense"), 401))
                .startsWith("Bearer error=\"invalid_token\"");
        assertThat(challenge(provider.get("/id/users/me", null), 401)).isEqualTo("Bearer");
        assertThat(challenge(provider.get("/id/users/me", "nonsense"), 401))
                .startsWith("Bearer error=\"invalid_token\"");
    }

    @Test
    void challengesRevokedTokenAtUserInfo() {
        var tokens = provider.signIn(TestProvider.ANA);
        provider.form("/id/oauth2/revoke", TestProvider.gateway(), Map.of("token", tokens.access()));

        assertThat(challenge(provider.get("/id/userinfo", tokens.access()), 401))
                .startsWith("Bearer error=\"invalid_token\"");
    }

    private static String challenge(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        return response.headers()
                .firstValue("WWW-Authenticate")
                .map(header -> {
                    assertThat(header).doesNotContain("resource_metadata", "127.0.0.1", "localhost");
                    return header;
                })
                .orElseThrow();
    }

    // --- signing out, registering clients

    @Test
    void showsPageAfterSignOutWithoutRedirectUri() {
        var tokens = browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var out = browser.get("/id/connect/logout?post_logout_redirect_uri=&id_token_hint=" + tokens.id());

        assertThat(Browser.location(out)).endsWith("/id/signed-out");
        assertThat(browser.get(Browser.location(out)).body())
                .contains("You are signed out", "href=\"" + TestProvider.PUBLIC_URL + "/\"");
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .endsWith("/id/login");
    }

    @Test
    void issuesTokensToClientWithoutPkceIfItIsRegisteredSo() {
        try (var other = TestProvider.start(
                PostgresConfiguration.freshDatabase(), "feira.provider.clients.feira-gateway.proof-key=false")) {
            var person = new Browser(other);
            person.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
            var response = person.get(person.authorizationRequest(
                    Client.GATEWAY, Map.of("code_challenge", "", "code_challenge_method", "")));
            var code = Browser.query(Browser.location(response)).get("code");

            Tokens.of(other.form(
                    "/id/oauth2/token",
                    TestProvider.gateway(),
                    Map.of(
                            "grant_type",
                            "authorization_code",
                            "code",
                            code,
                            "redirect_uri",
                            Client.GATEWAY.redirectUri)));
        }
    }

    @Test
    void failsStartForPublicClientWithoutPkce() {
        assertThatThrownBy(() -> TestProvider.start(
                        PostgresConfiguration.freshDatabase(), "feira.provider.clients.feira-cli.proof-key=false"))
                .hasStackTraceContaining("feira.provider.clients.feira-cli.proof-key must be true");
    }
}
