package dev.feira.user;

import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Verifies e-mail addresses by the links of messages. */
class VerificationTests {

    private static final String REQUESTED = "user.verification-requested.v1";

    private final TestProvider provider = TestProvider.shared();
    private final Browser browser = new Browser(provider);
    private final String email = "person-" + UUID.randomUUID() + "@feira.example";

    private String link(UUID user) {
        return provider.link(user, REQUESTED, "link");
    }

    private boolean verified() {
        return json(provider.get("/id/users/me", provider.signIn(email).access()))
                .get("emailVerified")
                .booleanValue();
    }

    @Test
    void verifiesAddressByButtonOnly() {
        var link = link(provider.register(email));
        assertThat(link).startsWith("http://localhost:8080/id/verification?token=");

        assertThat(browser.get(link).body()).contains(email, "Yes, this is my address");
        assertThat(verified()).as("by opening the link").isFalse();

        assertThat(browser.confirm(link, Map.of()).body()).contains("Your address is confirmed");
        assertThat(verified()).isTrue();
        var tokens = provider.signIn(email);
        assertThat(TestProvider.claims(tokens.id()).get("email_verified").booleanValue())
                .isTrue();
        assertThat(json(provider.get("/id/userinfo", tokens.access()))
                        .get("email_verified")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void deniesVerificationInClaimsBefore() {
        provider.register(email);

        assertThat(TestProvider.claims(provider.signIn(email).id())
                        .get("email_verified")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void showsThatLinkWasUsed() {
        var link = link(provider.register(email));
        browser.confirm(link, Map.of());

        var again = browser.get(link);

        assertThat(again.statusCode()).isEqualTo(410);
        assertThat(again.body()).contains("This link was used already", "/account");
    }

    @Test
    void showsThatLinkHasExpired() {
        var user = provider.register(email);
        provider.expireLinks(user);

        var page = browser.get(link(user));

        assertThat(page.statusCode()).isEqualTo(410);
        assertThat(page.body()).contains("This link has expired", "/account");
        assertThat(verified()).isFalse();
    }

    @Test
    void verifiesNoOtherAddressThanThatOfTheLink() {
        var user = provider.register(email);
        var link = link(user);
        provider.jdbc()
                .sql("update users set email = 'other-' || email where id = :id")
                .param("id", user)
                .update();

        assertThat(browser.confirm(link, Map.of()).statusCode()).isEqualTo(404);
    }

    @Test
    void showsThatLinkIsUnknown() {
        for (var token : new String[] {"", "unknown", "%00", "a%00b", "<script>", "x".repeat(2000)}) {
            var page = browser.get(
                    "/id/verification?token=" + token.replace("<", "%3C").replace(">", "%3E"));
            assertThat(page.statusCode()).as(token).isEqualTo(404);
            assertThat(page.body()).contains("This link is not valid").doesNotContain("<script>");
        }
        assertThat(browser.get("/id/verification").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsLinkWhenLanguageIsChanged() {
        var link = link(provider.register(email));
        var token = Browser.query(link).get("token");

        var page = browser.get(link).body();

        assertThat(page).contains("?lang=pt&amp;token=" + token);
        assertThat(browser.get("/id/verification?lang=pt&token=" + token).body())
                .contains("Sim, este endereço é meu");
    }

    @Test
    void showsPageAgainWhenItsSessionHasEnded() {
        var link = link(provider.register(email));
        var token = Browser.query(link).get("token");

        var response = browser.post("/id/verification", Map.of("token", token));

        assertThat(Browser.location(response)).endsWith("/id/verification?token=" + token);
        assertThat(verified()).isFalse();
    }

    @Test
    void sendsFurtherLinksUpToTheLimit() {
        var user = provider.register(email);
        var token = provider.signIn(email).access();
        var first = link(user);

        for (var i = 0; i < 5; i++) {
            assertThat(provider.send("POST", "/id/users/me/verification", token, null)
                            .statusCode())
                    .isEqualTo(202);
        }
        var rejected = provider.send("POST", "/id/users/me/verification", token, null);
        assertThat(rejected.statusCode()).isEqualTo(429);
        assertThat(rejected.headers().firstValue("Retry-After")).isPresent();
        assertThat(link(user)).isNotEqualTo(first);

        assertThat(browser.confirm(first, Map.of()).statusCode())
                .as("messages may arrive in any order")
                .isEqualTo(200);
        assertThat(provider.send("POST", "/id/users/me/verification", token, null)
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void storesHashOfTokenOnly() {
        var link = link(provider.register(email));

        var stored = provider.jdbc()
                .sql("select count(*) from account_links where hash = sha256(convert_to(:token, 'UTF8'))")
                .param("token", Browser.query(link).get("token"))
                .query(Integer.class)
                .single();

        assertThat(stored).isEqualTo(1);
    }
}
