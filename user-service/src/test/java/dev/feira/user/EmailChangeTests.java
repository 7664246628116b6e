package dev.feira.user;

import static dev.feira.user.TestProvider.JSON;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.TestProvider.Client;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes e-mail addresses by links at both addresses. */
class EmailChangeTests {

    private static final String REQUESTED = "user.email-change-requested.v1";

    private final TestProvider provider = TestProvider.shared();
    private final Browser browser = new Browser(provider);
    private final String email = "person-" + UUID.randomUUID() + "@feira.example";
    private final String newEmail = "person-" + UUID.randomUUID() + "@feira.example";

    private HttpResponse<String> request(String token, String address, String password) {
        return provider.send(
                "POST",
                "/id/users/me/email",
                token,
                JSON.writeValueAsString(Map.of("email", address, "currentPassword", password)));
    }

    private void request(String token) {
        assertThat(request(token, newEmail, TestProvider.PASSWORD).statusCode()).isEqualTo(202);
    }

    private String link(UUID user, String member) {
        return provider.link(user, REQUESTED, member);
    }

    private String emailOf(String token) {
        return json(provider.get("/id/users/me", token)).get("email").stringValue();
    }

    private static String problem(HttpResponse<String> response) {
        return json(response).get("type").stringValue().replace("urn:feira:problem:", "");
    }

    @ParameterizedTest
    @CsvSource({"link, newEmailLink", "newEmailLink, link"})
    void changesAddressAfterBothLinks(String first, String second) {
        var user = provider.register(email);
        var tokens = provider.signIn(email);
        request(tokens.access());
        var links = List.of(link(user, first), link(user, second));

        assertThat(browser.get(links.get(1)).body()).contains(newEmail);
        assertThat(browser.confirm(links.getFirst(), Map.of()).body()).contains("One more step");
        assertThat(emailOf(tokens.access())).isEqualTo(email);
        assertThat(browser.confirm(links.getLast(), Map.of()).body()).contains("Your e-mail address is changed");

        assertThat(emailOf(tokens.access())).isEqualTo(newEmail);
        assertThat(provider.refresh(tokens.refresh()).statusCode())
                .as("the sign-in stays")
                .isEqualTo(200);
        assertThat(Browser.location(new Browser(provider).logIn(email, TestProvider.PASSWORD)))
                .endsWith("?error");
        new Browser(provider).signInFor(Client.GATEWAY, newEmail, TestProvider.PASSWORD);
        provider.awaitEvents(
                user,
                "user.registered.v1",
                "user.verification-requested.v1",
                REQUESTED,
                "user.email-changed.v1",
                "user.changed.v1");
        var events = provider.eventsOf(user);
        assertThat(events.get(3).get("data").get("previousEmail").stringValue()).isEqualTo(email);
        assertThat(events.get(4).get("data").get("email").stringValue()).isEqualTo(newEmail);
        assertThat(events.get(4).get("data").get("emailVerified").booleanValue())
                .isTrue();
    }

    @Test
    void changesAddressOnceWhenBothLinksAreUsedInParallel() throws Exception {
        var user = provider.register(email);
        var token = provider.signIn(email).access();
        request(token);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var uses = List.of(link(user, "link"), link(user, "newEmailLink")).stream()
                    .<Callable<Integer>>map(link ->
                            () -> new Browser(provider).confirm(link, Map.of()).statusCode())
                    .toList();

            assertThat(threads.invokeAll(uses)).allMatch(use -> use.resultNow() == 200);
        }
        assertThat(emailOf(token)).isEqualTo(newEmail);
    }

    @Test
    void makesLinksToPreviousAddressInvalid() {
        var user = provider.registerVerified(email);
        var csrf = Browser.csrf(browser.get("/id/password-reset"));
        browser.post("/id/password-reset", Map.of("email", email, "_csrf", csrf));
        var reset = provider.link(user, "user.password-reset-requested.v1", "link");
        request(provider.signIn(email).access());
        browser.confirm(link(user, "link"), Map.of());

        assertThat(browser.get(reset).statusCode()).isEqualTo(200);
        browser.confirm(link(user, "newEmailLink"), Map.of());

        assertThat(browser.get(reset).statusCode()).isEqualTo(410);
    }

    @Test
    void keepsAddressWhenTheNewOneWasRegisteredMeanwhile() {
        var user = provider.register(email);
        var token = provider.signIn(email).access();
        request(token);
        browser.confirm(link(user, "link"), Map.of());
        provider.register(newEmail);

        var page = browser.confirm(link(user, "newEmailLink"), Map.of());

        assertThat(page.statusCode()).isEqualTo(409);
        assertThat(page.body()).contains("This address belongs to another account");
        assertThat(emailOf(token)).isEqualTo(email);
    }

    /** Two accounts for one address: the unique index decides. */
    @Test
    void givesAddressToOneOfTwoAccounts() throws Exception {
        var users =
                List.of(provider.register(email), provider.register("person-" + UUID.randomUUID() + "@feira.example"));
        for (var user : users) {
            var address = provider.jdbc()
                    .sql("select email from users where id = :id")
                    .param("id", user)
                    .query(String.class)
                    .single();
            request(provider.signIn(address).access());
            browser.confirm(link(user, "link"), Map.of());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var uses = users.stream()
                    .<Callable<Integer>>map(user -> () -> new Browser(provider)
                            .confirm(link(user, "newEmailLink"), Map.of())
                            .statusCode())
                    .toList();

            assertThat(threads.invokeAll(uses).stream().map(Future::resultNow)).containsExactlyInAnyOrder(200, 409);
        }
    }

    @Test
    void replacesLinksOfEarlierRequest() {
        var user = provider.register(email);
        var token = provider.signIn(email).access();
        request(token);
        var earlier = link(user, "link");
        request(token);

        assertThat(browser.get(earlier).statusCode()).isEqualTo(410);
        assertThat(browser.get(link(user, "link")).statusCode()).isEqualTo(200);
    }

    @Test
    void showsThatLinkHasExpired() {
        var user = provider.register(email);
        request(provider.signIn(email).access());
        browser.confirm(link(user, "link"), Map.of());
        provider.expireLinks(user);

        assertThat(browser.get(link(user, "newEmailLink")).body()).contains("This link has expired");
    }

    @Test
    void rejectsRequestThatCannotSucceed() {
        provider.register(email);
        var token = provider.signIn(email).access();

        assertThat(problem(request(token, newEmail, "not the password"))).isEqualTo("wrong-password");
        assertThat(problem(request(token, TestProvider.ANA, TestProvider.PASSWORD)))
                .isEqualTo("email-taken");
        var same = request(token, email.toUpperCase(java.util.Locale.ROOT), TestProvider.PASSWORD);
        assertThat(problem(same)).isEqualTo("invalid-request");
        assertThat(json(same).get("errors").get(0).get("field").stringValue()).isEqualTo("email");
        assertThat(problem(request(token, "no address", TestProvider.PASSWORD))).isEqualTo("invalid-request");
        assertThat(problem(request(provider.signIn(TestProvider.ANA).access(), newEmail, TestProvider.DEMO_PASSWORD)))
                .isEqualTo("demo-account");
    }

    @Test
    void limitsRequests() {
        provider.register(email);
        var token = provider.signIn(email).access();
        for (var i = 0; i < 5; i++) {
            request(token);
        }

        assertThat(problem(request(token, newEmail, TestProvider.PASSWORD))).isEqualTo("too-many-attempts");
    }

    /** The limit of one account does not protect the address. */
    @Test
    void limitsMessagesToOneNewAddressFromSeveralAccounts() {
        for (var account = 0; account < 2; account++) {
            var other = provider.newAccount();
            var token = provider.signIn(other).access();
            for (var message = 0; message < 3 && account * 3 + message < 5; message++) {
                request(token);
            }
        }
        var token = provider.signIn(provider.newAccount()).access();

        assertThat(request(token, newEmail, TestProvider.PASSWORD).statusCode()).isEqualTo(429);
    }
}
