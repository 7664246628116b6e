package dev.feira.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.TestProvider.Client;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Replaces forgotten passwords by the links of messages. */
class PasswordResetTests {

    private static final String REQUESTED = "user.password-reset-requested.v1";
    private static final String NEW_PASSWORD = "eight green apples";

    private final TestProvider provider = TestProvider.shared();
    private final Browser browser = new Browser(provider).from(TestProvider.newAddress());
    private final String email = "person-" + UUID.randomUUID() + "@feira.example";

    private HttpResponse<String> request(String address) {
        var csrf = Browser.csrf(browser.get("/id/password-reset"));
        return browser.post("/id/password-reset", Map.of("email", address, "_csrf", csrf));
    }

    private String linkFor(UUID user) {
        assertThat(request(email).statusCode()).isEqualTo(200);
        return provider.link(user, REQUESTED, "link");
    }

    private HttpResponse<String> reset(String link, String password) {
        return browser.confirm(link, Map.of("password", password));
    }

    private int requestsOf(String address) {
        return provider.jdbc()
                .sql("select count(*) from outbox where type = :type and payload ->> 'email' = :email")
                .param("type", REQUESTED)
                .param("email", address)
                .query(Integer.class)
                .single();
    }

    @Test
    void isReachedFromTheSignInPage() {
        assertThat(browser.get("/id/login").body()).contains("/id/password-reset", "Forgot your password?");
        assertThat(browser.prefers("pt").get("/id/password-reset").body()).contains("Esqueceu-se da palavra-passe?");
    }

    @Test
    void replacesPasswordAndEndsAllSessions() {
        var user = provider.registerVerified(email);
        var signedIn = new Browser(provider);
        var tokens = signedIn.signInFor(Client.GATEWAY, email, TestProvider.PASSWORD);
        var other = linkFor(user);
        var link = linkFor(user);

        assertThat(browser.get(link).body()).contains(email);
        assertThat(reset(link, NEW_PASSWORD).body()).contains("Your password is changed");

        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
        assertThat(Browser.location(signedIn.get(signedIn.authorizationRequest(Client.GATEWAY))))
                .endsWith("/id/login");
        assertThat(Browser.location(new Browser(provider).logIn(email, TestProvider.PASSWORD)))
                .endsWith("?error");
        new Browser(provider).signInFor(Client.GATEWAY, email, NEW_PASSWORD);
        assertThat(browser.get(other).statusCode()).as("the other link").isEqualTo(410);
        Await.until(() -> provider.typesOf(user).contains("user.password-changed.v1"));
        assertThat(provider.eventsOf(user).getLast().get("data").get("reason").stringValue())
                .isEqualTo("RESET");
    }

    @Test
    void showsTheSamePageWithAndWithoutAccount() {
        provider.registerVerified(email);
        var unverified = provider.newAccount();
        var disabled = "person-" + UUID.randomUUID() + "@feira.example";
        provider.jdbc()
                .sql("update users set disabled_at = now() where id = :id")
                .param("id", provider.registerVerified(disabled))
                .update();
        var pages = new ArrayList<String>();
        var others = List.of(
                unverified,
                disabled,
                TestProvider.ANA,
                "nobody@feira.example",
                "no address",
                "a\0b",
                "a@b..example",
                "a@" + "b".repeat(64) + ".example",
                "");

        for (var address : Stream.concat(Stream.of(email), others.stream()).toList()) {
            var start = System.nanoTime();
            var response = request(address);
            assertThat(System.nanoTime() - start).as(address).isGreaterThanOrEqualTo(300_000_000);
            assertThat(response.statusCode()).as(address).isEqualTo(200);
            pages.add(response.body());
        }

        assertThat(pages).allMatch(page -> page.equals(pages.getFirst()));
        assertThat(pages.getFirst()).contains("Look into your mail").doesNotContain(email);
        assertThat(requestsOf(email)).isEqualTo(1);
        assertThat(others).allMatch(address -> address.contains("\0") || requestsOf(address) == 0);
    }

    /** Somebody may have read the link, which is why the user changes the password. */
    @Test
    void changeOfPasswordEndsLinks() {
        var link = linkFor(provider.registerVerified(email));
        var body =
                "{\"currentPassword\": \"%s\", \"newPassword\": \"%s\"}".formatted(TestProvider.PASSWORD, NEW_PASSWORD);

        assertThat(provider.send(
                                "PUT",
                                "/id/users/me/password",
                                provider.signIn(email).access(),
                                body)
                        .statusCode())
                .isEqualTo(204);

        assertThat(browser.get(link).statusCode()).isEqualTo(410);
    }

    @Test
    void keepsLinkWhenNewPasswordIsWeak() {
        var link = linkFor(provider.registerVerified(email));

        for (var weak : List.of("short", "Password 2026!", email, "")) {
            var page = reset(link, weak);
            assertThat(page.statusCode()).as(weak).isEqualTo(400);
            assertThat(page.body()).contains("There is a problem", "aria-invalid=\"true\"");
        }
        assertThat(reset(link, NEW_PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void resetsOnceWhenLinkIsUsedInParallel() throws Exception {
        var user = provider.registerVerified(email);
        var link = linkFor(user);
        var uses = Stream.generate(() -> new Browser(provider))
                .limit(4)
                .map(each -> use(each, link, Browser.csrf(each.get(link))))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses =
                    threads.invokeAll(uses).stream().map(Future::resultNow).toList();

            assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 410);
        }
        Await.until(() -> provider.typesOf(user).contains("user.password-changed.v1"));
        assertThat(provider.typesOf(user)).containsOnlyOnce("user.password-changed.v1");
    }

    private static Callable<Integer> use(Browser browser, String link, String csrf) {
        var fields = Map.of("token", Browser.query(link).get("token"), "password", NEW_PASSWORD, "_csrf", csrf);
        return () -> browser.post("/id/password-reset", fields).statusCode();
    }

    @Test
    void showsWhyLinkHasNoEffect() {
        var user = provider.registerVerified(email);
        var used = linkFor(user);
        reset(used, NEW_PASSWORD);
        var expired = linkFor(user);
        provider.expireLinks(user);
        var verification = provider.link(user, "user.verification-requested.v1", "link")
                .replace("/verification", "/password-reset");

        assertThat(browser.get(used).body()).contains("This link was used already", "Ask for a new link");
        assertThat(browser.get(expired).body()).contains("This link has expired", "Ask for a new link");
        assertThat(browser.get(verification).statusCode()).isEqualTo(404);
        assertThat(browser.get("/id/password-reset?token=").statusCode()).isEqualTo(404);
    }

    @Test
    void namesAccountOfLinkWhenAnotherOneIsSignedIn() {
        var link = linkFor(provider.registerVerified(email));
        var other = provider.newAccount();
        var shared = new Browser(provider);
        shared.logIn(other, TestProvider.PASSWORD);

        var page = shared.get(link).body();

        assertThat(page).contains(email, "Another account is signed in").doesNotContain(other);
        assertThat(shared.confirm(link, Map.of("password", NEW_PASSWORD)).statusCode())
                .isEqualTo(200);
        new Browser(provider).signInFor(Client.GATEWAY, other, TestProvider.PASSWORD);
        new Browser(provider).signInFor(Client.GATEWAY, email, NEW_PASSWORD);
    }

    @Test
    void rejectsLinkOfDisabledAccount() {
        var user = provider.registerVerified(email);
        var link = linkFor(user);
        provider.jdbc()
                .sql("update users set disabled_at = now() where id = :id")
                .param("id", user)
                .update();

        assertThat(browser.get(link).statusCode()).isEqualTo(404);
    }

    @Test
    void limitsRequestsForOneAddressWithAndWithoutAccount() {
        provider.registerVerified(email);
        for (var address : List.of(email, "nobody-" + UUID.randomUUID() + "@feira.example")) {
            for (var i = 0; i < 5; i++) {
                assertThat(request(address).statusCode()).isEqualTo(200);
            }
            var rejected = request(address.toUpperCase(java.util.Locale.ROOT));
            assertThat(rejected.statusCode()).isEqualTo(429);
            assertThat(rejected.body()).contains("60 minutes");
        }
        assertThat(requestsOf(email)).isEqualTo(5);
    }

    @Test
    void limitsRequestsOfOneNetwork() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var csrf = Browser.csrf(browser.get("/id/password-reset"));
            Callable<Integer> one = () -> browser.post(
                            "/id/password-reset", Map.of("email", UUID.randomUUID() + "@feira.example", "_csrf", csrf))
                    .statusCode();
            var statuses = threads.invokeAll(java.util.Collections.nCopies(32, one)).stream()
                    .map(Future::resultNow)
                    .toList();

            assertThat(statuses).filteredOn(status -> status == 200).hasSize(30);
            assertThat(statuses).filteredOn(status -> status == 429).hasSize(2);
        }
    }
}
