package dev.feira.user;

import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import dev.feira.user.TestProvider.Client;
import dev.feira.user.TestProvider.Tokens;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests two replicas on one database: each one serves every browser and every client. */
class ReplicaTests {

    private static TestProvider one;
    private static TestProvider other;

    @BeforeAll
    static void start() {
        one = TestProvider.start(PostgresConfiguration.freshDatabase());
        other = TestProvider.start(one.database);
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Test
    void completesSignInAcrossReplicas() {
        var browser = new Browser(one);
        browser.get(browser.authorizationRequest(Client.GATEWAY));
        var page = browser.at(other).get("/id/login");
        var signedIn = browser.at(one)
                .post(
                        "/id/login",
                        Map.of(
                                "email", TestProvider.ANA,
                                "password", TestProvider.DEMO_PASSWORD,
                                "_csrf", Browser.csrf(page)));
        var back = browser.at(other).get(Browser.location(signedIn));
        var code = Browser.query(Browser.location(back)).get("code");

        var tokens = Tokens.of(browser.at(one).redeem(Client.GATEWAY, code));

        assertThat(other.get("/id/users/me", tokens.access()).statusCode()).isEqualTo(200);
        var refreshed = Tokens.of(other.refresh(tokens.refresh()));
        Tokens.of(one.refresh(refreshed.refresh()));
    }

    @Test
    void appliesSignOutToAllReplicas() {
        var browser = new Browser(one);
        var tokens = browser.signInFor(Client.GATEWAY, TestProvider.ANA, TestProvider.DEMO_PASSWORD);

        var out = browser.at(other).get("/id/connect/logout?id_token_hint=" + tokens.id());

        assertThat(out.statusCode()).isEqualTo(302);
        assertThat(Browser.location(browser.at(one).get(browser.authorizationRequest(Client.GATEWAY))))
                .endsWith("/id/login");
        assertThat(one.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
    }

    @Test
    void keepsSessionWhenReplicaStops() {
        var browser = new Browser(one);
        try (var third = TestProvider.start(one.database)) {
            browser.at(third).logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        }

        var response = browser.at(one).get(browser.authorizationRequest(Client.GATEWAY));

        assertThat(Browser.location(response)).startsWith(Client.GATEWAY.redirectUri);
    }

    @Test
    void countsWrongPasswordsOverAllReplicas() {
        var email = one.newAccount();
        var address = TestProvider.newAddress();
        for (var i = 0; i < 5; i++) {
            var replica = i % 2 == 0 ? one : other;
            new Browser(replica).from(address).logIn(email, "wrong password " + i);
        }

        for (var replica : new TestProvider[] {one, other}) {
            assertThat(Browser.location(new Browser(replica).from(address).logIn(email, TestProvider.PASSWORD)))
                    .contains("?wait=");
        }
    }

    @Test
    void issuesDeviceTokensWhenApprovalIsOnAnotherReplica() {
        var started = json(one.form(
                "/id/oauth2/device_authorization", null, Map.of("client_id", "feira-cli", "scope", "profile")));
        var code = started.get("user_code").stringValue();
        var browser = new Browser(other);
        browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);
        var question = browser.post(
                "/id/activate", Map.of("user_code", code, "_csrf", Browser.csrf(browser.get("/id/activate"))));
        browser.post(
                "/id/activate/decision",
                Map.of("user_code", code, "decision", "allow", "_csrf", Browser.csrf(question)));

        Tokens.of(one.form(
                "/id/oauth2/token",
                null,
                Map.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:device_code",
                        "client_id", "feira-cli",
                        "device_code", started.get("device_code").stringValue())));
    }
}
