package dev.feira.gateway;

import static dev.feira.gateway.Backend.responding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.test.TestIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A browser's login over two replicas that share only the database. */
class LoginTests {

    private static final IdentityProvider IDENTITY = Gateways.IDENTITY;

    /** Too short for the token to be used again: the request waits for the new one. */
    private static final Duration NEARLY_EXPIRED = Duration.ofSeconds(4);

    private final Gateways.Gateway first = Gateways.first().healed();
    private final Gateways.Gateway second = Gateways.second().healed();
    private final Http browser = first.http().browser();
    private Backend orders;
    private Backend users;

    @BeforeEach
    void services() {
        IDENTITY.reset();
        orders = new Backend().that(responding(200, "{\"items\":[]}"));
        users = new Backend().that(responding(200, "{}"));
        for (var gateway : List.of(first, second)) {
            gateway.with("order-service", orders).with("user-service", users).with("catalog-service", orders);
        }
    }

    @AfterEach
    void stop() {
        IDENTITY.release();
        orders.close();
        users.close();
    }

    /** Signs in, beginning at one replica and coming back at another. */
    private Http.Reply signIn(Gateways.Gateway begin, Gateways.Gateway end, String continueTo, String... roles) {
        var away = browser.at(begin).get("/login?continue=" + continueTo);
        assertThat(away.status()).isEqualTo(302);
        var back = IDENTITY.approve(away.header("Location").orElseThrow(), "ana", roles);
        assertThat(back.toString()).startsWith(Gateways.PUBLIC_URL + "/login/oauth2/code/feira?");
        return browser.at(end).get(back.getRawPath() + "?" + back.getRawQuery());
    }

    private Http.Reply signIn() {
        return signIn(first, first, "/", "customer");
    }

    private String tokenSeenByOrders() {
        return orders.last().header("Authorization").substring("Bearer ".length());
    }

    @Test
    void startsLoginWithProofKeyStateAndNonce() {
        var location = browser.get("/login").header("Location").orElseThrow();

        assertThat(location)
                .startsWith(Gateways.PUBLIC_URL + "/id/oauth2/authorize?")
                .contains(
                        "client_id=feira-gateway",
                        "code_challenge_method=S256",
                        "state=",
                        "nonce=",
                        "response_type=code");
    }

    @Test
    void passesLanguageToTheLoginPage() {
        assertThat(browser.get("/login?lang=pt").header("Location").orElseThrow())
                .contains("ui_locales=pt", "code_challenge=", "nonce=", "state=");
        assertThat(browser.get("/login?lang=pt%26prompt=none")
                        .header("Location")
                        .orElseThrow())
                .doesNotContain("ui_locales", "prompt");
    }

    @Test
    void returnsToTheStartingPageAfterSignIn() {
        var back = signIn(first, first, "%2Forders%3Futm%3Da%7Cb", "customer");

        assertThat(back.status()).isEqualTo(302);
        assertThat(back.header("Location")).contains(Gateways.PUBLIC_URL + "/orders?utm=a%7Cb");
        var session = browser.get("/session").json();
        assertThat(session.path("authenticated").asBoolean()).isTrue();
        assertThat(session.path("name").asString()).isEqualTo("Name of ana");
        assertThat(session.path("email").asString()).isEqualTo("ana@feira.example");
        assertThat(session.path("roles").get(0).asString()).isEqualTo("customer");
        assertThat(session.path("csrf").path("headerName").asString()).isEqualTo("X-XSRF-TOKEN");
    }

    @Test
    void completesLoginAtAnotherReplica() {
        assertThat(signIn(first, second, "/", "customer").status()).isEqualTo(302);

        assertThat(browser.at(first)
                        .get("/session")
                        .json()
                        .path("authenticated")
                        .asBoolean())
                .isTrue();
        assertThat(browser.at(second)
                        .get("/session")
                        .json()
                        .path("authenticated")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void givesTheBrowserOneOpaqueCookie() {
        var anonymous = browser.get("/login");
        assertThat(anonymous.header("Set-Cookie").orElseThrow())
                .contains("FEIRA_SESSION-8080=", "HttpOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Secure");
        var before = browser.cookies().get("FEIRA_SESSION-8080");
        var back = IDENTITY.approve(anonymous.header("Location").orElseThrow(), "ana", "customer");
        var reply = browser.get(back.getRawPath() + "?" + back.getRawQuery());

        assertThat(browser.cookies().get("FEIRA_SESSION-8080")).isNotEqualTo(before); // no fixation
        assertThat(reply.headers().toString()).doesNotContain("eyJ");
        assertThat(browser.get("/session").body()).doesNotContain("eyJ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/%5Cevil.example",
                "/%09/evil.example",
                "javascript:alert(1)",
                "%2F%2Fevil.example",
                "/orders%3Fq=%25zz",
                "/%3Cb%3E",
                ""
            })
    void doesNotRedirectToAnotherSiteAfterSignIn(String continueTo) {
        assertThat(signIn(first, first, continueTo, "customer").header("Location"))
                .contains(Gateways.PUBLIC_URL + "/");
    }

    @Test
    void sendsTheSessionsTokenToServicesOnly() {
        signIn();

        browser.get("/api/orders");
        assertThat(tokenSeenByOrders()).startsWith("eyJ");
        browser.get("/id/login");
        assertThat(users.last().header("Authorization")).isNull();
        browser.get("/api/users/me");
        assertThat(users.last().header("Authorization")).startsWith("Bearer eyJ");
        var payments = new Backend();
        first.with("payment-simulator", payments);
        browser.get("/payment-simulator/cards");
        assertThat(payments.last().header("Authorization")).isNull();
        assertThat(payments.last().header("Cookie")).isNull();
        payments.close();
    }

    @Test
    void prefersBearerTokenOverTheSession() {
        signIn();

        browser.get("/api/orders", "Authorization", "Bearer mine");

        assertThat(tokenSeenByOrders()).isEqualTo("mine");
    }

    @Test
    void rejectsUnsafeRequestWithoutCsrfToken() {
        signIn();
        browser.get("/session");
        var token = browser.cookies().get("XSRF-TOKEN-8080");
        assertThat(token).isNotNull();

        for (var method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            var rejected = browser.send(method, "/api/orders/1", null);
            assertThat(rejected.status()).as(method).isEqualTo(403);
            assertThat(rejected.problem()).isEqualTo("csrf");
            assertThat(browser.send(method, "/api/orders/1", null, "X-XSRF-TOKEN", "wrong")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(orders.seen()).isEmpty();

        assertThat(browser.post("/api/orders", "{}", "X-XSRF-TOKEN", token).status())
                .isEqualTo(200);
        assertThat(browser.get("/api/orders").status()).isEqualTo(200);
    }

    @Test
    void rejectsCrossSiteRequestWithCsrfToken() {
        signIn();
        browser.get("/session");
        var token = browser.cookies().get("XSRF-TOKEN-8080");

        assertThat(browser.post("/api/orders", "{}", "X-XSRF-TOKEN", token, "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(browser.post("/api/orders", "{}", "X-XSRF-TOKEN", token, "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(browser.post("/api/orders", "{}", "X-XSRF-TOKEN", token, "Origin", Gateways.PUBLIC_URL)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void needsNoCsrfTokenForLoginPagesWebhooksAndBearers() {
        signIn();

        assertThat(browser.post("/id/login", "a=b").status()).isEqualTo(200);
        assertThat(browser.post("/api/webhooks/payments", "{}").status()).isEqualTo(200);
        assertThat(browser.post("/api/orders", "{}", "Authorization", "Bearer x")
                        .status())
                .isEqualTo(200);
        assertThat(first.http().post("/api/quotes", "{}").status()).isEqualTo(200); // not signed in
    }

    @Test
    void rejectsStolenCodeAndForgedState() {
        var away = browser.get("/login").header("Location").orElseThrow();
        var back = IDENTITY.approve(away, "ana", "customer");

        var stranger = first.http().browser();
        stranger.get("/login");
        var stolen = stranger.get(back.getRawPath() + "?" + back.getRawQuery());
        assertThat(stolen.status()).isEqualTo(400);
        assertThat(stolen.problem()).isEqualTo("login-failed");
        assertThat(stranger.get("/session").json().path("authenticated").asBoolean())
                .isFalse();

        var forged = browser.get("/login/oauth2/code/feira?code=x&state=y");
        assertThat(forged.status()).isEqualTo(400);
        var once = browser.get(back.getRawPath() + "?" + back.getRawQuery());
        assertThat(once.status()).isEqualTo(302);
        var twice = browser.get(back.getRawPath() + "?" + back.getRawQuery());
        assertThat(twice.status()).isEqualTo(400);
    }

    @Test
    void signsInFromTwoTabs() {
        var one = IDENTITY.approve(browser.get("/login").header("Location").orElseThrow(), "ana", "customer");
        var two = IDENTITY.approve(browser.get("/login").header("Location").orElseThrow(), "ana", "customer");

        assertThat(browser.get(one.getRawPath() + "?" + one.getRawQuery()).status())
                .isEqualTo(302);
        assertThat(browser.get(two.getRawPath() + "?" + two.getRawQuery()).status())
                .isEqualTo(302);
    }

    @Test
    void rejectsIdTokenOfAnotherIssuerOrKey() {
        IDENTITY.claimToBe("https://evil.example/id");
        assertThat(signIn().status()).isEqualTo(400);

        IDENTITY.reset().signWithForeignKey();
        assertThat(signIn().status()).isEqualTo(400);
        assertThat(browser.get("/session").json().path("authenticated").asBoolean())
                .isFalse();
    }

    @Test
    void returns503WhenUserServiceIsDownDuringLogin() {
        var back = IDENTITY.approve(browser.get("/login").header("Location").orElseThrow(), "ana", "customer");
        IDENTITY.goDown();

        var reply = browser.get(back.getRawPath() + "?" + back.getRawQuery());

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("identity-unavailable");
        assertThat(reply.header("Retry-After")).isPresent();
    }

    @Test
    void renewsTokensOnTwoReplicasWithoutReuse() throws Exception {
        IDENTITY.issueTokensFor(Duration.ofSeconds(20)); // less than the 60 s before which tokens are renewed
        signIn();
        IDENTITY.issueTokensFor(Duration.ofMinutes(10));
        IDENTITY.hold();

        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> replies = new ArrayList<>();
            for (var i = 0; i < 40; i++) {
                var replica = i % 2 == 0 ? first : second;
                replies.add(executor.submit(
                        () -> browser.at(replica).get("/api/orders").status()));
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> IDENTITY.waiting() == 2);
            IDENTITY.release();
            for (var reply : replies) {
                assertThat(reply.get()).isEqualTo(200);
            }
        }

        // a usable token does not make requests wait for long
        await().atMost(Duration.ofSeconds(5)).until(() -> IDENTITY.renewals() == 1);
        assertThat(IDENTITY.reuses()).isZero();
        var before = orders.seen().size();
        assertThat(browser.at(second).get("/api/orders").status()).isEqualTo(200);
        assertThat(IDENTITY.renewals()).isEqualTo(1);
        assertThat(orders.seen()).hasSize(before + 1);
    }

    @Test
    void renewsTokensRepeatedlyWithTheNewestRefreshToken() {
        IDENTITY.issueTokensFor(NEARLY_EXPIRED);
        signIn();

        for (var i = 0; i < 4; i++) {
            assertThat(browser.at(i % 2 == 0 ? first : second)
                            .get("/api/orders")
                            .status())
                    .isEqualTo(200);
        }

        assertThat(IDENTITY.renewals()).isEqualTo(4);
        assertThat(IDENTITY.reuses()).isZero();
    }

    @Test
    void usesTheOldTokenWhileUserServiceIsDown() {
        IDENTITY.issueTokensFor(Duration.ofSeconds(30));
        signIn();
        IDENTITY.goDown();

        assertThat(browser.get("/api/orders").status()).isEqualTo(200);
        assertThat(tokenSeenByOrders()).startsWith("eyJ");
    }

    @Test
    void usesTheOldTokenWithoutDelayWhileUserServiceHangs() {
        // with these times, a gateway that waited would wait until the renewal fails
        try (var patient = Gateways.start("Deadline.checkout=60s", "feira.gateway.login.read-timeout=20s")) {
            patient.with("order-service", orders);
            IDENTITY.issueTokensFor(Duration.ofSeconds(50));
            signIn();
            IDENTITY.hold();

            assertThat(browser.at(patient).get("/api/orders").status()).isEqualTo(200);
            assertThat(tokenSeenByOrders()).startsWith("eyJ");
            IDENTITY.issueTokensFor(Duration.ofMinutes(10));
            IDENTITY.release();
            await().atMost(Duration.ofSeconds(20)).until(() -> IDENTITY.renewals() == 1);

            assertThat(browser.at(patient).get("/api/orders").status()).isEqualTo(200);
        }
        assertThat(IDENTITY.renewals()).isEqualTo(1);
        assertThat(IDENTITY.reuses()).isZero();
    }

    @Test
    void returnsTheNameOfTheLastRenewal() {
        IDENTITY.issueTokensFor(NEARLY_EXPIRED);
        signIn();
        IDENTITY.rename("Ana the Second");

        assertThat(browser.get("/session").json().path("name").asString()).isEqualTo("Ana the Second");
        IDENTITY.goDown();
        assertThat(browser.at(second).get("/session").json().path("name").asString())
                .isEqualTo("Ana the Second");
        assertThat(browser.get("/session").json().path("email").asString()).isEqualTo("ana@feira.example");
    }

    @Test
    void returns503WhenAnExpiredTokenCannotBeRenewed() {
        IDENTITY.issueTokensFor(Duration.ofSeconds(2));
        signIn();
        IDENTITY.goDown();

        var reply = browser.get("/api/orders");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("identity-unavailable");
        assertThat(orders.seen()).isEmpty();
        // catalog reads go on
        assertThat(browser.get("/api/products").status()).isEqualTo(200);
        assertThat(orders.last().header("Authorization")).isNull();

        IDENTITY.reset();
        assertThat(browser.get("/api/orders").status()).isEqualTo(200);
    }

    @Test
    void endsLoginWhenUserServiceRejectsTheRefreshToken() {
        IDENTITY.issueTokensFor(NEARLY_EXPIRED);
        signIn();
        var stolen = sessionTokens();
        browser.get("/api/orders"); // renews
        browser.get("/api/orders"); // uses the successor: from now on the stolen refresh token counts as reused
        IDENTITY.approve(
                browser.at(second).get("/login").header("Location").orElseThrow(), "ana", "customer"); // unrelated
        replaceSessionTokens(stolen);

        browser.get("/api/orders");

        assertThat(IDENTITY.reuses()).isEqualTo(1);
        assertThat(orders.last().header("Authorization")).isNull();
        assertThat(browser.get("/session").json().path("authenticated").asBoolean())
                .isFalse();
    }

    private byte[] sessionTokens() {
        return first.context()
                .getBean(JdbcClient.class)
                .sql("""
                    select attribute_bytes from spring_session_attributes a join spring_session s
                        on s.primary_id = a.session_primary_id
                     where attribute_name = 'feira.tokens' order by s.creation_time desc limit 1\
                    """)
                .query(byte[].class)
                .single();
    }

    private void replaceSessionTokens(byte[] tokens) {
        first.context()
                .getBean(JdbcClient.class)
                .sql("""
                    update spring_session_attributes set attribute_bytes = :tokens
                     where attribute_name = 'feira.tokens' and session_primary_id =
                        (select primary_id from spring_session s join spring_session_attributes a
                            on s.primary_id = a.session_primary_id
                          where attribute_name = 'feira.tokens' order by s.creation_time desc limit 1)\
                    """)
                .param("tokens", tokens)
                .update();
    }

    @Test
    void endsTheSessionOnAllReplicasAtSignOut() {
        signIn();
        browser.get("/session");
        var cookie = browser.cookies().get("FEIRA_SESSION-8080");
        var csrf = browser.cookies().get("XSRF-TOKEN-8080");
        assertThat(browser.post("/logout", null).status()).isEqualTo(403);

        var reply = browser.post("/logout", null, "X-XSRF-TOKEN", csrf);

        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.header("Location").orElseThrow())
                .startsWith(Gateways.PUBLIC_URL + "/id/connect/logout?id_token_hint=eyJ")
                .contains("post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F", "client_id=feira-gateway");
        browser.cookies().put("FEIRA_SESSION-8080", cookie);
        assertThat(browser.at(second)
                        .get("/session")
                        .json()
                        .path("authenticated")
                        .asBoolean())
                .isFalse();
        browser.at(second).get("/api/orders");
        assertThat(orders.last().header("Authorization")).isNull();
        await().atMost(Duration.ofSeconds(5)).until(() -> IDENTITY.revocations() == 1);
    }

    @Test
    void returnsLogoutAddressToScript() {
        signIn();
        browser.get("/session");

        var reply = browser.post(
                "/logout",
                null,
                "X-XSRF-TOKEN",
                browser.cookies().get("XSRF-TOKEN-8080"),
                "Accept",
                "application/json");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("location").asString()).startsWith(Gateways.PUBLIC_URL + "/id/connect/logout?");
        await().atMost(Duration.ofSeconds(5)).until(() -> IDENTITY.revocations() == 1); // or the next test counts it
    }

    @Test
    void keepsSessionAfterItsReplicaStops() {
        var passing = Gateways.start();
        passing.with("order-service", orders);
        signIn(passing, passing, "/", "customer");
        passing.close();

        assertThat(browser.at(first)
                        .get("/session")
                        .json()
                        .path("authenticated")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void writesNothingWhenReadingASession() {
        signIn();
        browser.get("/session");
        var before = lastAccess();

        for (var i = 0; i < 5; i++) {
            browser.get("/api/orders");
        }

        assertThat(lastAccess()).isEqualTo(before);
    }

    private long lastAccess() {
        return first.context()
                .getBean(JdbcClient.class)
                .sql("select max(last_access_time) from spring_session")
                .query(Long.class)
                .single();
    }

    @Test
    void showsThePlatformToStaffOnly() {
        assertThat(first.http().get("/platform/instances").status()).isEqualTo(401);
        signIn(first, first, "/", "customer");
        assertThat(browser.get("/platform/instances").status()).isEqualTo(403);

        signIn(first, first, "/", "staff");
        browser.get("/api/orders");
        var platform = browser.get("/platform/instances").json();
        var services = platform.path("services");
        assertThat(services.valueStream().map(service -> service.path("name").asString()))
                .contains("catalog-service", "order-service", "user-service", "payment-simulator");
        assertThat(services.valueStream()
                        .filter(service -> service.path("name").asString().equals("order-service"))
                        .findFirst()
                        .orElseThrow()
                        .path("instances")
                        .get(0)
                        .path("calls")
                        .asInt())
                .isPositive();
        assertThat(platform.path("breakers")
                        .valueStream()
                        .map(breaker -> breaker.path("route").asString()))
                .contains("orders", "products", "identity");
    }

    @Test
    void hidesThePlatformAfterTheLoginHasEnded() {
        IDENTITY.issueTokensFor(NEARLY_EXPIRED);
        signIn(first, first, "/", "staff");
        assertThat(browser.get("/platform/instances").status()).isEqualTo(200);

        IDENTITY.endAllLogins();

        assertThat(browser.get("/platform/instances").status()).isEqualTo(401);
    }

    @Test
    void rejectsTokenSignedByUnknownKeyWith401() {
        for (var i = 0; i < 5; i++) {
            var invented = "Bearer " + TestIdentity.ofUnknownKey("mallory", "admin");
            assertThat(first.http()
                            .get("/platform/instances", "Authorization", invented)
                            .status())
                    .isEqualTo(401);
        }
        try (var alone = Gateways.start("feira.identity.url=http://localhost:1/id")) {
            var unchecked = alone.http()
                    .get("/platform/instances", "Authorization", "Bearer " + TestIdentity.token("sofia", "staff"));
            assertThat(unchecked.status()).isEqualTo(503);
            assertThat(unchecked.problem()).isEqualTo("identity-unavailable");
        }
    }

    @Test
    void limitsWaitingRequestsOfOneCaller() throws Exception {
        signIn();
        var release = new CountDownLatch(1);
        orders.that(exchange -> {
            if (exchange.getRequestHeaders().containsKey("Prefer")
                    && !exchange.getRequestHeaders().containsKey("Authorization")) {
                release.await(20, TimeUnit.SECONDS);
            }
            responding(200, "{}").handle(exchange);
        });
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = new ArrayList<Future<Http.Reply>>();
            for (var i = 0; i < 4; i++) {
                waiting.add(executor.submit(() -> first.http().post("/api/orders", "{}", "Prefer", "wait=10")));
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> orders.seen().size() == 4);

            assertThat(first.http()
                            .post("/api/orders", "{}", "Prefer", "wait=10")
                            .status())
                    .isEqualTo(200);
            assertThat(orders.last().header("Prefer")).as("a fifth one").isNull();
            browser.get("/api/orders/1", "Prefer", "wait=10");
            assertThat(orders.last().header("Prefer")).as("another caller").isEqualTo("wait=10");

            release.countDown();
            for (var reply : waiting) {
                assertThat(reply.get().status()).isEqualTo(200);
            }
        }
        first.http().post("/api/orders", "{}", "Prefer", "wait=10");
        assertThat(orders.last().header("Prefer"))
                .as("after the others have ended")
                .isEqualTo("wait=10");
    }

    @Test
    void ignoresUnknownSession() {
        browser.cookies().put("FEIRA_SESSION-8080", "bm90LWEtc2Vzc2lvbg==");

        assertThat(browser.get("/session").json().path("authenticated").asBoolean())
                .isFalse();
        assertThat(browser.get("/api/orders").status()).isEqualTo(200);
        assertThat(orders.last().header("Authorization")).isNull();
    }
}
