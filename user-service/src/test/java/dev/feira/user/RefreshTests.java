package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.DatabaseDump;
import dev.feira.test.PostgresConfiguration;
import dev.feira.user.TestProvider.Tokens;
import dev.feira.user.domain.Expiring;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RefreshTests {

    private final TestProvider provider = TestProvider.shared();

    /** An ID token is valid for 30 minutes, a refresh token for 7 days. */
    @Test
    void refreshesAfterTheIdTokenWasRemoved() {
        var tokens = provider.signIn(TestProvider.ANA);
        provider.jdbc()
                .sql("""
                        update authorization_tokens
                           set issued_at = issued_at - interval '2 days', expires_at = expires_at - interval '2 days'
                         where kind = 'ID' and authorization_id = :family""")
                .param("family", claims(tokens.id()).get("sid").stringValue())
                .update();

        provider.beans(Expiring.class).forEach(Expiring::removeExpired);

        assertThat(Tokens.of(provider.refresh(tokens.refresh())).id()).isNotBlank();
    }

    @Test
    void rotatesRefreshTokenAtEachRefresh() {
        var first = provider.signIn(TestProvider.ANA);

        var second = Tokens.of(provider.refresh(first.refresh()));
        var third = Tokens.of(provider.refresh(second.refresh()));

        assertThat(third.refresh()).isNotIn(first.refresh(), second.refresh());
        assertThat(provider.get("/id/users/me", third.access()).statusCode()).isEqualTo(200);
        assertThat(claims(third.id()).get("sid")).isEqualTo(claims(first.id()).get("sid"));
        assertThat(claims(third.id()).get("auth_time"))
                .isEqualTo(claims(first.id()).get("auth_time"));
    }

    @Test
    void returnsSameSuccessorWhenRefreshIsRetried() {
        var first = provider.signIn(TestProvider.ANA);
        var lost = Tokens.of(provider.refresh(first.refresh()));

        var again = Tokens.of(provider.refresh(first.refresh()));

        assertThat(again.refresh()).isEqualTo(lost.refresh());
        Tokens.of(provider.refresh(again.refresh()));
    }

    @Test
    void returnsOneSuccessorForParallelRefreshes() throws Exception {
        var first = provider.signIn(TestProvider.ANA);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<HttpResponse<String>> refresh = () -> provider.refresh(first.refresh());
            var responses = threads.invokeAll(
                    IntStream.range(0, 12).mapToObj(_ -> refresh).toList());

            assertThat(responses.stream()
                            .map(Future::resultNow)
                            .map(Tokens::of)
                            .map(Tokens::refresh)
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void endsFamilyWhenRefreshTokenIsReusedAfterItsSuccessor() {
        var user = provider.register("person-" + UUID.randomUUID() + "@feira.example");
        var email = provider.jdbc()
                .sql("select email from users where id = :id")
                .param("id", user)
                .query(String.class)
                .single();
        var first = provider.signIn(email);
        var second = Tokens.of(provider.refresh(first.refresh()));
        var third = Tokens.of(provider.refresh(second.refresh()));

        var stolen = provider.refresh(first.refresh());

        assertThat(stolen.statusCode()).isEqualTo(400);
        assertThat(json(stolen).get("error").stringValue()).isEqualTo("invalid_grant");
        assertThat(provider.refresh(second.refresh()).statusCode()).isEqualTo(400);
        assertThat(provider.refresh(third.refresh()).statusCode()).isEqualTo(400);
        assertThat(provider.get("/id/userinfo", third.access()).statusCode()).isEqualTo(401);
        assertThat(provider.jdbc()
                        .sql("select type from security_events where user_id = :id order by id desc limit 1")
                        .param("id", user)
                        .query(String.class)
                        .single())
                .isEqualTo("REFRESH_TOKEN_REUSED");
    }

    @Test
    void keepsOtherFamiliesOfTheUser() {
        var stolen = provider.signIn(TestProvider.ANA);
        var other = provider.signIn(TestProvider.ANA);
        var next = Tokens.of(provider.refresh(stolen.refresh()));
        Tokens.of(provider.refresh(next.refresh()));

        assertThat(provider.refresh(stolen.refresh()).statusCode()).isEqualTo(400);

        Tokens.of(provider.refresh(other.refresh()));
    }

    @Test
    void endsFamilyWhenRefreshTokenIsReusedAfterTheRetryWindow() {
        try (var strict =
                TestProvider.start(PostgresConfiguration.freshDatabase(), "feira.provider.refresh-retry-window=0s")) {
            var first = strict.signIn(TestProvider.ANA);
            var second = Tokens.of(strict.refresh(first.refresh()));

            assertThat(strict.refresh(first.refresh()).statusCode()).isEqualTo(400);

            assertThat(strict.refresh(second.refresh()).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void rejectsRefreshTokenOfAnotherClient() {
        var tokens = provider.signIn(TestProvider.ANA);

        var foreign = provider.form(
                "/id/oauth2/token",
                null,
                Map.of(
                        "grant_type", "refresh_token",
                        "client_id", "feira-cli",
                        "refresh_token", tokens.refresh()));

        assertThat(foreign.statusCode()).isEqualTo(400);
        assertThat(json(foreign).get("error").stringValue()).isEqualTo("invalid_grant");
    }

    @Test
    void rejectsRefreshOfConfidentialClientWithoutSecret() {
        var tokens = provider.signIn(TestProvider.ANA);

        var named = provider.form(
                "/id/oauth2/token",
                null,
                Map.of(
                        "grant_type", "refresh_token",
                        "client_id", "feira-gateway",
                        "refresh_token", tokens.refresh()));

        assertThat(named.statusCode()).isEqualTo(401);
    }

    @Test
    void invalidatesFamilyWhenRefreshTokenIsRevoked() {
        var tokens = provider.signIn(TestProvider.ANA);
        assertThat(active(tokens.access())).isTrue();

        var revoked = provider.form("/id/oauth2/revoke", TestProvider.gateway(), Map.of("token", tokens.refresh()));

        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
        assertThat(active(tokens.access())).isFalse();
    }

    @Test
    void invalidatesFamilyWhenARenewedRefreshTokenIsRevoked() {
        var old = provider.signIn(TestProvider.ANA);
        var renewed = Tokens.of(provider.refresh(old.refresh()));

        provider.form(
                "/id/oauth2/revoke",
                TestProvider.gateway(),
                Map.of("token", old.refresh(), "token_type_hint", "refresh_token"));

        assertThat(provider.refresh(renewed.refresh()).statusCode()).isEqualTo(400);
        assertThat(active(renewed.access())).isFalse();
    }

    @Test
    void introspectsAccessTokenForConfidentialClientOnly() {
        var tokens = provider.signIn(TestProvider.SOFIA);

        var response =
                json(provider.form("/id/oauth2/introspect", TestProvider.gateway(), Map.of("token", tokens.access())));

        assertThat(response.get("active").booleanValue()).isTrue();
        assertThat(response.get("sub")).isEqualTo(claims(tokens.access()).get("sub"));
        assertThat(response.get("roles")).extracting(JsonNode::stringValue).containsExactly("staff");
        assertThat(provider.form(
                                "/id/oauth2/introspect",
                                null,
                                Map.of("token", tokens.access(), "client_id", "feira-cli"))
                        .statusCode())
                .as("never for a client without a secret")
                .isEqualTo(401);
    }

    @Test
    void addsNewRolesToTheNextAccessToken() {
        var email = "person-" + UUID.randomUUID() + "@feira.example";
        var id = provider.register(email);
        var tokens = provider.signIn(email);
        var admin = provider.signIn(TestProvider.ADMIN);

        var given = provider.send("PUT", "/id/users/" + id + "/roles", admin.access(), """
                {"roles": ["customer", "staff"]}""");

        assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
        var refreshed = Tokens.of(provider.refresh(tokens.refresh()));
        assertThat(claims(refreshed.access()).get("roles"))
                .extracting(JsonNode::stringValue)
                .containsExactly("customer", "staff");
    }

    @Test
    void removesExpiredFamiliesOnly() {
        var old = provider.signIn(TestProvider.ANA);
        var live = provider.signIn(TestProvider.ANA);
        var family = claims(old.id()).get("sid").stringValue();
        for (var sql : new String[] {
            "update authorization_tokens set expires_at = now() - interval '2 days' where authorization_id = :id",
            "update authorizations set created_at = now() - interval '40 days' where id = :id"
        }) {
            provider.jdbc().sql(sql).param("id", family).update();
        }

        assertThat(provider.beans(Expiring.class)
                        .mapToInt(Expiring::removeExpired)
                        .sum())
                .isGreaterThanOrEqualTo(4);

        assertThat(provider.jdbc()
                        .sql("select count(*) from authorizations where id = :id")
                        .param("id", family)
                        .query(Integer.class)
                        .single())
                .isZero();
        Tokens.of(provider.refresh(live.refresh()));
    }

    @Test
    void storesNoTokenInClear() {
        var tokens = provider.signIn(TestProvider.ANA);
        var dump = DatabaseDump.of(provider.jdbc());

        assertThat(dump)
                .doesNotContain(tokens.refresh())
                .doesNotContain(tokens.access())
                .doesNotContain(tokens.id());
    }

    @Test
    void rejectsStoredHashAsToken() {
        var tokens = provider.signIn(TestProvider.ANA);
        var hashes = provider.jdbc()
                .sql(
                        "select encode(hash, 'hex') from authorization_tokens where authorization_id = :id and kind = 'REFRESH'")
                .param("id", claims(tokens.id()).get("sid").stringValue())
                .query(String.class)
                .list();

        assertThat(hashes).hasSize(1).allSatisfy(hash -> {
            assertThat(provider.refresh(hash).statusCode()).isEqualTo(400);
            assertThat(provider.refresh("stored:" + hash).statusCode()).isEqualTo(400);
        });
    }

    private boolean active(String token) {
        return json(provider.form("/id/oauth2/introspect", TestProvider.gateway(), Map.of("token", token)))
                .get("active")
                .booleanValue();
    }
}
