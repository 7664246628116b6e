package dev.feira.user;

import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.user.TestProvider.Client;
import dev.feira.user.TestProvider.Tokens;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Lists the sign-ins of a user, and ends them. */
class SignInsTests {

    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private final TestProvider provider = TestProvider.shared();

    private Tokens signIn(String email, String agent) {
        return new Browser(provider)
                .withUserAgent(agent)
                .signInFor(Client.GATEWAY, email, TestProvider.passwordOf(email));
    }

    private HttpResponse<String> list(Tokens tokens) {
        return provider.get("/id/users/me/sign-ins", tokens.access());
    }

    private List<JsonNode> items(Tokens tokens) {
        var response = list(tokens);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return StreamSupport.stream(json(response).get("items").spliterator(), false)
                .toList();
    }

    private int end(Tokens tokens) {
        return provider.send("DELETE", "/id/users/me/sign-ins", tokens.access(), null)
                .statusCode();
    }

    @Test
    void namesDeviceAndTimeOfEachSignInAndMarksTheCurrentOne() {
        var email = provider.newAccount();
        var desktop = signIn(email, FIREFOX);
        var phone = signIn(email, "Phone 1.0 " + "x".repeat(300));
        provider.refresh(desktop.refresh());

        assertThat(items(desktop))
                .extracting(item -> item.get("device").stringValue())
                .containsExactlyInAnyOrder(FIREFOX, "Phone 1.0 " + "x".repeat(190));
        var current = items(phone).stream()
                .filter(item -> item.get("current").booleanValue())
                .toList();
        assertThat(current).hasSize(1);
        assertThat(current.getFirst().get("device").stringValue()).startsWith("Phone");
        assertThat(current.getFirst().get("client").stringValue()).isEqualTo("Feira");
        assertThat(items(desktop))
                .allSatisfy(item -> assertThat(item.get("lastUsedAt").stringValue())
                        .isGreaterThanOrEqualTo(item.get("signedInAt").stringValue()));
    }

    @Test
    void showsNoSignInsOfOthersAndNoneThatEnded() {
        var email = provider.newAccount();
        var first = signIn(email, FIREFOX);
        var other = signIn(provider.newAccount(), FIREFOX);
        provider.form(
                "/id/oauth2/revoke",
                TestProvider.gateway(),
                java.util.Map.of("token", signIn(email, "Gone").refresh()));

        assertThat(items(first)).hasSize(1);
        assertThat(items(other)).hasSize(1);
    }

    @Test
    void signsOutEverywhere() {
        var email = provider.newAccount();
        var browser = new Browser(provider);
        var here = browser.signInFor(Client.GATEWAY, email, TestProvider.passwordOf(email));
        var there = signIn(email, FIREFOX);
        var stranger = signIn(provider.newAccount(), FIREFOX);

        assertThat(end(here)).isEqualTo(204);

        assertThat(provider.refresh(there.refresh()).statusCode()).isEqualTo(400);
        assertThat(provider.refresh(here.refresh()).statusCode()).isEqualTo(400);
        assertThat(provider.get("/id/userinfo", there.access()).statusCode()).isEqualTo(401);
        assertThat(Browser.location(browser.get(browser.authorizationRequest(Client.GATEWAY))))
                .as("the session of the browser has ended, too")
                .contains("/login");
        assertThat(provider.refresh(stranger.refresh()).statusCode()).isEqualTo(200);
        assertThat(signIn(email, FIREFOX)).isNotNull();
    }

    /** Strangers share the account: they must neither see nor end each other's sign-ins. */
    @Test
    void hidesAndKeepsSignInsOfDemonstrationAccount() {
        var mine = signIn(TestProvider.ANA, "Mine");
        var theirs = signIn(TestProvider.ANA, "Theirs");

        assertThat(items(mine))
                .extracting(item -> item.get("device").stringValue())
                .containsExactly("Mine");
        assertThat(end(mine)).isEqualTo(409);
        assertThat(provider.refresh(theirs.refresh()).statusCode()).isEqualTo(200);
    }
}
