package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.test.RawRequest;
import dev.feira.user.TestProvider.Client;
import dev.feira.user.TestProvider.Tokens;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

class AuthorizationCodeTests {

    private final TestProvider provider = TestProvider.shared();
    private final Browser browser = new Browser(provider);

    @Test
    void issuesTokensToGatewayAfterLoginPage() {
        var email = provider.newAccount();

        var start = browser.get(browser.authorizationRequest(Client.GATEWAY));
        assertThat(start.statusCode()).isEqualTo(302);
        assertThat(Browser.location(start)).endsWith("/id/login");
        assertThat(start.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("FEIRA_ID-8080=")
                .contains("Path=/id", "HttpOnly", "SameSite=Lax");
        var signedIn = browser.logIn(email, TestProvider.PASSWORD);
        assertThat(Browser.location(signedIn)).startsWith(TestProvider.PUBLIC_URL + "/id/oauth2/authorize?");
        var back = browser.get(Browser.location(signedIn));
        assertThat(Browser.location(back)).startsWith(Client.GATEWAY.redirectUri); // no consent page
        var tokens = Tokens.of(browser.redeem(
                Client.GATEWAY, Browser.query(Browser.location(back)).get("code")));

        var access = claims(tokens.access());
        assertThat(access.get("iss").stringValue()).isEqualTo(TestProvider.ISSUER);
        assertThat(access.get("aud").stringValue()).isEqualTo("feira-api"); // a single audience is a string
        assertThat(access.get("roles")).extracting(JsonNode::stringValue).containsExactly("customer");
        assertThat(access.get("scope").stringValue().split(" "))
                .containsExactlyInAnyOrder("openid", "profile", "email");
        assertThat(access.get("exp").longValue() - access.get("iat").longValue())
                .isEqualTo(600);
        assertThat(access.get("jti").stringValue()).isNotBlank();
        assertThat(TestProvider.header(tokens.access()).get("alg").stringValue())
                .isEqualTo("ES256");
        var id = claims(tokens.id());
        assertThat(id.get("sub")).isEqualTo(access.get("sub"));
        assertThat(id.get("nonce").stringValue()).isEqualTo("nonce-of-the-client");
        assertThat(id.get("email").stringValue()).isEqualTo(email);
        assertThat(id.get("auth_time").longValue()).isPositive();
        assertThat(tokens.refresh()).hasSizeGreaterThan(40);
    }

    @Test
    void returnsProfileAndUserInfoForAccessToken() {
        var tokens = provider.signIn(TestProvider.ANA);

        var me = provider.get("/id/users/me", tokens.access());
        assertThat(me.statusCode()).isEqualTo(200);
        assertThat(json(me).get("email").stringValue()).isEqualTo(TestProvider.ANA);
        var userInfo = provider.get("/id/userinfo", tokens.access());
        assertThat(userInfo.statusCode()).as(userInfo.body()).isEqualTo(200);
        assertThat(json(userInfo).get("name").stringValue()).isEqualTo("Ana Ferreira");
    }

    @Test
    void skipsLoginPageWhenSignedIn() {
        browser.codeFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var again = browser.get(browser.authorizationRequest(Client.GATEWAY));

        assertThat(Browser.location(again)).startsWith(Client.GATEWAY.redirectUri);
    }

    @Test
    void rejectsCodeWithWrongVerifier() {
        var code = browser.codeFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var rejected = new Browser(provider).redeem(Client.GATEWAY, code); // another verifier

        assertThat(rejected.statusCode()).isEqualTo(400);
        assertThat(json(rejected).get("error").stringValue()).isEqualTo("invalid_grant");
    }

    @Test
    void rejectsAuthorizationRequestWithoutPkce() {
        var response = browser.get(browser.authorizationRequest(
                Client.GATEWAY, Map.of("code_challenge", "", "code_challenge_method", "")));

        assertThat(Browser.query(Browser.location(response))).containsEntry("error", "invalid_request");
    }

    @Test
    void rejectsUnregisteredRedirectUriWithoutRedirect() {
        var response = browser.get(
                browser.authorizationRequest(Client.GATEWAY, Map.of("redirect_uri", "https://evil.example/callback")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void acceptsAnyLoopbackPortOfTheCommandLine() {
        for (var port : new int[] {1024, 50321, 65535}) {
            var redirect = "http://127.0.0.1:" + port + "/callback";
            browser.codeFor(Client.CLI, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

            var response = browser.get(browser.authorizationRequest(Client.CLI, Map.of("redirect_uri", redirect)));

            assertThat(Browser.location(response)).startsWith(redirect + "?");
        }
        var elsewhere = browser.get(
                browser.authorizationRequest(Client.CLI, Map.of("redirect_uri", "http://127.0.0.1:1024/other")));
        assertThat(elsewhere.statusCode()).isEqualTo(400);
    }

    @Test
    void issuesAndRefreshesTokensOfPublicClientWithPkce() {
        var tokens = browser.signInFor(Client.CLI, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var refreshed = provider.form(
                "/id/oauth2/token",
                null,
                Map.of(
                        "grant_type", "refresh_token",
                        "client_id", "feira-cli",
                        "refresh_token", tokens.refresh()));

        assertThat(Tokens.of(refreshed).refresh()).isNotEqualTo(tokens.refresh());
    }

    @Test
    void invalidatesIssuedTokensWhenCodeIsReused() {
        var code = browser.codeFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var tokens = Tokens.of(browser.redeem(Client.GATEWAY, code));

        assertThat(browser.redeem(Client.GATEWAY, code).statusCode()).isEqualTo(400);

        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
        assertThat(provider.jdbc()
                        .sql(
                                "select count(*) from security_events where type = 'CODE_REUSED' and detail ->> 'family' = :id")
                        .param("id", claims(tokens.id()).get("sid").stringValue())
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void redeemsCodeOnceWhenRequestsAreParallel() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < 5; round++) {
                var code = browser.codeFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
                Callable<Integer> redeem =
                        () -> browser.redeem(Client.GATEWAY, code).statusCode();

                assertThat(threads.invokeAll(List.of(redeem, redeem, redeem)).stream()
                                .map(Future::resultNow))
                        .containsExactlyInAnyOrder(200, 400, 400);
            }
        }
    }

    /**
     * A wrong verifier is rejected before the grant starts and locks the family, while a concurrent renewal is about to
     * commit its tokens.
     */
    @Test
    void waitsForConcurrentRenewalWhenCodeIsReused() {
        var code = browser.codeFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var family = claims(Tokens.of(browser.redeem(Client.GATEWAY, code)).id())
                .get("sid")
                .stringValue();
        var again = new CompletableFuture<Integer>();

        provider.bean(TransactionTemplate.class).executeWithoutResult(_ -> {
            renew(family);
            Thread.startVirtualThread(() -> {
                try {
                    again.complete(
                            new Browser(provider).redeem(Client.GATEWAY, code).statusCode());
                } catch (RuntimeException e) {
                    again.completeExceptionally(e);
                }
            });
            await("the code's second use")
                    .until(() -> provider.jdbc().sql("""
                            select count(*) from pg_stat_activity
                             where datname = current_database() and wait_event_type = 'Lock'""").query(Integer.class).single() == 1);
        });

        assertThat(again.join()).isEqualTo(400);
        assertThat(provider.jdbc()
                        .sql("""
                                select count(*) from authorization_tokens
                                 where authorization_id = :id and kind in ('ACCESS', 'REFRESH') and not invalidated""")
                        .param("id", family)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** Simulates a renewal: locks the family and inserts a refresh token, visible after the commit. */
    private void renew(String family) {
        provider.jdbc()
                .sql("select id from authorizations where id = :id for update")
                .param("id", family)
                .query(String.class)
                .single();
        provider.jdbc().sql("""
                        insert into authorization_tokens (hash, authorization_id, kind, issued_at, expires_at, invalidated)
                        values (sha256(:id::bytea), :id, 'REFRESH', now(), now() + interval '1 day', false)""").param("id", family).update();
    }

    @Test
    void rejectsLoginWithoutCsrfToken() {
        browser.get("/id/login");

        var forged =
                browser.post("/id/login", Map.of("email", TestProvider.ANA, "password", TestProvider.DEMO_PASSWORD));

        assertThat(Browser.location(forged)).endsWith("/id/login?stale");
        assertThat(browser.get("/id/login?stale").body()).contains("role=\"alert\"", "open for too long");
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .as("no user is signed in")
                .endsWith("/id/login");
    }

    @Test
    void signsInFromTwoTabs() {
        var one = Browser.csrf(browser.get("/id/login"));
        var two = Browser.csrf(browser.get("/id/login"));
        var fields = Map.of("email", TestProvider.ANA, "password", TestProvider.DEMO_PASSWORD);
        browser.post("/id/login", with(fields, one));

        var second = browser.post("/id/login", with(fields, two)); // the CSRF token changed with the session

        assertThat(Browser.location(browser.get(Browser.location(second))))
                .isEqualTo(TestProvider.PUBLIC_URL + "/login");
    }

    private static Map<String, String> with(Map<String, String> fields, String csrf) {
        var all = new HashMap<>(fields);
        all.put("_csrf", csrf);
        return all;
    }

    @Test
    void extendsSessionTimeoutAtSignIn() {
        browser.get("/id/login");
        assertThat(lifeOfTheSession()).isEqualTo(Duration.ofMinutes(15));

        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        assertThat(lifeOfTheSession()).isEqualTo(Duration.ofHours(12));
    }

    private Duration lifeOfTheSession() {
        var id = new String(Base64.getDecoder().decode(browser.cookies().get("FEIRA_ID-8080")), StandardCharsets.UTF_8);
        return Duration.ofSeconds(provider.jdbc()
                .sql("select max_inactive_interval from spring_session where session_id = :id")
                .param("id", id)
                .query(Integer.class)
                .single());
    }

    @Test
    void changesSessionIdAtSignIn() {
        browser.get("/id/login");
        var before = browser.cookies().get("FEIRA_ID-8080");

        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        assertThat(browser.cookies().get("FEIRA_ID-8080")).isNotNull().isNotEqualTo(before);
    }

    @Test
    void endsSessionAndFamilyAtSignOut() {
        var tokens = browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var refreshed = Tokens.of(provider.refresh(tokens.refresh()));

        // with the first ID token, which a refresh has replaced
        var out = browser.get("/id/connect/logout?"
                + TestProvider.encoded(Map.of(
                        "id_token_hint", tokens.id(), "post_logout_redirect_uri", TestProvider.PUBLIC_URL + "/")));

        assertThat(Browser.location(out)).isEqualTo(TestProvider.PUBLIC_URL + "/");
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .endsWith("/id/login");
        assertThat(provider.refresh(refreshed.refresh()).statusCode()).isEqualTo(400);
    }

    @Test
    void signsOutAfterRefreshTokenWasRevoked() {
        var tokens = browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        assertThat(provider.form("/id/oauth2/revoke", TestProvider.gateway(), Map.of("token", tokens.refresh()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);

        var out = browser.get("/id/connect/logout?"
                + TestProvider.encoded(Map.of(
                        "id_token_hint", tokens.id(), "post_logout_redirect_uri", TestProvider.PUBLIC_URL + "/")));

        assertThat(Browser.location(out)).isEqualTo(TestProvider.PUBLIC_URL + "/");
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .endsWith("/id/login");
    }

    @Test
    void asksUserWhenIdTokenHintIsInvalid() {
        browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var out = browser.get("/id/connect/logout?id_token_hint=not-a-token");

        assertThat(Browser.location(out)).endsWith("/id/logout");
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .startsWith(Client.GATEWAY.redirectUri); // still signed in
    }

    @Test
    void asksUserWhenFamilyOfIdTokenHintHasEnded() {
        var tokens = browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var signOut = "/id/connect/logout?id_token_hint=" + tokens.id();
        browser.get(signOut);

        assertThat(Browser.location(browser.get(signOut))).endsWith("/id/logout");
    }

    @Test
    void ignoresSignOutWithoutCsrfToken() {
        browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var forged = browser.post("/id/logout", Map.of());

        assertThat(Browser.location(forged)).endsWith("/id/logout"); // the page asks
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .as("still signed in")
                .startsWith(Client.GATEWAY.redirectUri);
    }

    @Test
    void publishesDiscoveryDocumentWithPublicUrl() {
        var document = json(provider.get("/id/.well-known/openid-configuration", null));

        assertThat(document.get("issuer").stringValue()).isEqualTo(TestProvider.ISSUER);
        for (var endpoint : new String[] {
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "end_session_endpoint",
            "revocation_endpoint",
            "introspection_endpoint",
            "device_authorization_endpoint"
        }) {
            assertThat(document.get(endpoint).stringValue()).as(endpoint).startsWith(TestProvider.ISSUER + "/");
        }
        assertThat(document.get("id_token_signing_alg_values_supported"))
                .extracting(JsonNode::stringValue)
                .containsExactly("ES256", "RS256");
        assertThat(document.get("code_challenge_methods_supported"))
                .extracting(JsonNode::stringValue)
                .containsExactly("S256");
    }

    @Test
    void showsLoginPageInBrowserLanguageOrChosenLanguage() {
        assertThat(browser.prefers("pt-PT,pt;q=0.9,en;q=0.8").get("/id/login").body())
                .contains("lang=\"pt\"", "Palavra-passe", "Criar uma conta");
        assertThat(browser.get("/id/login?lang=en").body()).contains("lang=\"en\"", "Create an account");
        assertThat(browser.get("/id/login").body()).contains("Create an account"); // remembered
    }

    @Test
    void showsLoginPageInLanguageOfTheClient() {
        browser.get(browser.authorizationRequest(Client.GATEWAY, Map.of("ui_locales", "fr pt-PT en")));
        assertThat(browser.get("/id/login").body()).contains("lang=\"pt\"", "Palavra-passe");
        assertThat(browser.get("/id/login?lang=en").body())
                .as("chosen on the page")
                .contains("Create an account");
    }

    @Test
    void linksLoginPageToRegistrationAndBack() {
        assertThat(browser.get("/id/login").body()).contains("href=\"http://localhost:8080/sign-up?continue=%2F\"");
        browser.get(browser.authorizationRequest(Client.GATEWAY));
        assertThat(browser.get("/id/login").body())
                .contains("href=\"http://localhost:8080/sign-up?continue=%2Fid%2Flogin\"");
    }

    @Test
    void returnsStateThatBrowsersSendUnencoded() throws IOException {
        browser.logIn(provider.newAccount(), TestProvider.PASSWORD);
        var request = browser.authorizationRequest(Client.GATEWAY, Map.of("state", "S"))
                .replace("state=S", "state=a|b[c]{d}^e\\f`g");
        var cookies = browser.cookies().entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));

        var response = RawRequest.get(
                URI.create(provider.url()).getPort(), request, "Cookie: " + cookies, "Accept: text/html");

        assertThat(response).startsWith("HTTP/1.1 302 ");
        var location = response.lines()
                .filter(line -> line.startsWith("Location: "))
                .findFirst()
                .orElseThrow();
        assertThat(Browser.query(location.substring("Location: ".length())))
                .containsEntry("state", "a|b[c]{d}^e\\f`g")
                .containsKey("code");
    }

    @Test
    void ignoresForgedForwardingHeaders() {
        var request = java.net.http.HttpRequest.newBuilder(
                        java.net.URI.create(provider.url() + browser.authorizationRequest(Client.GATEWAY)))
                .header("Accept", "text/html")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Proto", "https")
                .header("Forwarded", "host=evil.example")
                .GET()
                .build();

        var response = TestProvider.send(request);

        assertThat(Browser.location(response)).doesNotContain("evil").endsWith("/id/login");
    }
}
