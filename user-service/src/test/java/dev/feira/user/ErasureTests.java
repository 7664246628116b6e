package dev.feira.user;

import static dev.feira.user.TestProvider.JSON;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.DatabaseDump;
import dev.feira.user.TestProvider.Client;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Erases persons. */
class ErasureTests {

    private final TestProvider provider = TestProvider.shared();
    private final String unique = UUID.randomUUID().toString();
    private final String email = "person-" + unique + "@feira.example";

    private HttpResponse<String> erase(String token, String password) {
        return provider.send(
                "DELETE", "/id/users/me", token, JSON.writeValueAsString(Map.of("currentPassword", password)));
    }

    /** Leaves traces in each table. */
    private String live(UUID user, String ipAddress) {
        var browser = new Browser(provider).from(ipAddress).withUserAgent("Agent " + unique);
        browser.logIn(email, "not the password");
        browser.get("/id/login?error");
        var token =
                browser.signInFor(Client.GATEWAY, email, TestProvider.PASSWORD).access();
        provider.send("PATCH", "/id/users/me", token, "{\"name\": \"Zulmira " + unique + "\"}");
        provider.send("POST", "/id/users/me/addresses", token, """
                {"label": "Home", "name": "Zulmira", "street": "Rua %s", "postalCode": "1100-001", "city": "Lisboa",
                 "country": "PT"}""".formatted(unique));
        browser.confirm(provider.link(user, "user.verification-requested.v1", "link"), Map.of());
        var csrf = Browser.csrf(browser.get("/id/password-reset"));
        browser.post("/id/password-reset", Map.of("email", email, "_csrf", csrf));
        provider.send(
                "POST",
                "/id/users/me/email",
                token,
                JSON.writeValueAsString(Map.of("email", "new-" + email, "currentPassword", TestProvider.PASSWORD)));
        return token;
    }

    @Test
    void leavesPersonInNoTable() {
        var ipAddress = TestProvider.newAddress();
        var user = provider.register(email);
        var token = live(user, ipAddress);
        assertThat(DatabaseDump.of(provider.jdbc())).contains(unique, ipAddress, "Rua " + unique, "Agent " + unique);

        var erased = erase(token, TestProvider.PASSWORD);

        assertThat(erased.statusCode()).as(erased.body()).isEqualTo(204);
        assertThat(DatabaseDump.of(provider.jdbc())).doesNotContain(unique, ipAddress);
        assertThat(provider.get("/id/users/me", token).statusCode()).isEqualTo(404);
        assertThat(erase(token, TestProvider.PASSWORD).statusCode()).isEqualTo(404);
    }

    @Test
    void endsSignInsAndLinks() {
        var user = provider.registerVerified(email);
        var browser = new Browser(provider);
        var tokens = browser.signInFor(Client.GATEWAY, email, TestProvider.PASSWORD);
        provider.send("POST", "/id/users/me/verification", tokens.access(), null);
        var link = provider.link(user, "user.verification-requested.v1", "link");

        erase(tokens.access(), TestProvider.PASSWORD);

        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .endsWith("/id/login");
        assertThat(Browser.location(new Browser(provider).logIn(email, TestProvider.PASSWORD)))
                .endsWith("?error");
        assertThat(browser.get(link).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsLateReadersNothingButTheErasure() {
        var user = provider.register(email);
        var token = live(user, TestProvider.newAddress());

        erase(token, TestProvider.PASSWORD);

        Await.until(() -> provider.typesOf(user).contains("user.erased.v1"));
        var events = provider.eventsOf(user);
        assertThat(events.getLast().get("type").stringValue()).isEqualTo("user.erased.v1");
        assertThat(events.getLast().get("data").toString()).isEqualTo("{\"userId\":\"%s\"}", user);
        assertThat(events.subList(0, events.size() - 1))
                .hasSizeGreaterThan(4)
                .allSatisfy(event -> assertThat(event.get("data").toString())
                        .isEqualTo("{\"erased\":true,\"userId\":\"%s\"}", user));
    }

    @Test
    void keepsAuditLogWithoutThePerson() {
        var user = provider.register(email);
        var token = live(user, TestProvider.newAddress());

        erase(token, TestProvider.PASSWORD);

        var admin = provider.signIn(TestProvider.ADMIN).access();
        var items =
                json(provider.get("/id/security-events?user=" + user, admin)).get("items");
        assertThat(items.get(0).get("type").stringValue()).isEqualTo("ACCOUNT_ERASED");
        assertThat(items.size()).isGreaterThan(3);
        assertThat(items).allSatisfy(event -> {
            assertThat(event.get("address").isNull()).isTrue();
            assertThat(event.get("detail").isEmpty()).isTrue();
        });
    }

    @Test
    void requiresCurrentPassword() {
        provider.register(email);
        var token = provider.signIn(email).access();

        var wrong = erase(token, "not the password");

        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(json(wrong).get("type").stringValue()).isEqualTo("urn:feira:problem:wrong-password");
        assertThat(provider.send("DELETE", "/id/users/me", token, null).statusCode())
                .isEqualTo(400);
        assertThat(provider.get("/id/users/me", token).statusCode()).isEqualTo(200);
    }

    @Test
    void returns409ForDemonstrationAccount() {
        var token = provider.signIn(TestProvider.ANA).access();

        var response = erase(token, TestProvider.DEMO_PASSWORD);

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(json(response).get("type").stringValue()).isEqualTo("urn:feira:problem:demo-account");
    }

    @Test
    void erasesOnceWhenRequestsAreParallel() throws Exception {
        var user = provider.register(email);
        var token = provider.signIn(email).access();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> one = () -> erase(token, TestProvider.PASSWORD).statusCode();

            var statuses = threads.invokeAll(List.of(one, one)).stream()
                    .map(Future::resultNow)
                    .toList();

            assertThat(statuses).containsExactlyInAnyOrder(204, 404);
        }
        Await.until(() -> provider.typesOf(user).contains("user.erased.v1"));
        assertThat(provider.typesOf(user)).containsOnlyOnce("user.erased.v1");
    }

    @Test
    void registersErasedAddressAsAnotherAccount() {
        var first = provider.register(email);
        erase(provider.signIn(email).access(), TestProvider.PASSWORD);

        var second = provider.register(email);

        assertThat(second).isNotEqualTo(first);
        assertThat(json(provider.get("/id/users/me", provider.signIn(email).access()))
                        .get("id")
                        .stringValue())
                .isEqualTo(second.toString());
    }
}
