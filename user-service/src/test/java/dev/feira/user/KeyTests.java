package dev.feira.user;

import static dev.feira.user.TestProvider.header;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feira.test.DatabaseDump;
import dev.feira.test.PostgresConfiguration;
import dev.feira.user.TestProvider.Tokens;
import dev.feira.user.keys.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class KeyTests {

    /** Returns the ids of the ES256 keys. */
    private static List<String> published(TestProvider provider) {
        var keys = json(provider.get("/id/oauth2/jwks", null)).get("keys");
        assertThat(keys).allSatisfy(key -> {
            assertThat(key.get("kty").stringValue()).isIn("EC", "RSA");
            assertThat(key.has("d")).as("the private key").isFalse();
        });
        return StreamSupport.stream(keys.spliterator(), false)
                .filter(key -> key.get("kty").stringValue().equals("EC"))
                .map(key -> key.get("kid").stringValue())
                .toList();
    }

    private static String kid(Tokens tokens) {
        return header(tokens.access()).get("kid").stringValue();
    }

    @Test
    void publishesNewKeyBeforeItSignsAndAcceptsOldTokens() {
        try (var provider = TestProvider.start(PostgresConfiguration.freshDatabase())) {
            var admin = provider.signIn(TestProvider.ADMIN);
            var first = kid(admin);
            assertThat(published(provider)).containsExactly(first);

            var rotated = provider.send("POST", "/id/keys/rotation", admin.access(), null);

            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
            assertThat(published(provider)).hasSize(2).contains(first);
            assertThat(kid(provider.signIn(TestProvider.ANA)))
                    .as("the new key does not sign yet")
                    .isEqualTo(first);
            var items = json(rotated).get("items");
            var newest = items.get(0);
            assertThat(Instant.parse(newest.get("signsFrom").stringValue()))
                    .isAfter(Instant.now().plus(Duration.ofMinutes(9)));
            assertThat(newest.get("expiresAt").isNull()).isTrue();
            assertThat(Instant.parse(items.get(1).get("expiresAt").stringValue()))
                    .as("published until the last token it signed has expired")
                    .isAfter(
                            Instant.parse(newest.get("signsFrom").stringValue()).plus(Duration.ofMinutes(30)));

            // activates the new key; not before now, since the first key may be younger than a second
            provider.jdbc()
                    .sql("update signing_keys set signs_from = now() where expires_at is null")
                    .update();
            try (var replica = TestProvider.start(provider.database)) {
                var signedAnew = replica.signIn(TestProvider.ANA);
                assertThat(kid(signedAnew)).isEqualTo(newest.get("kid").stringValue());
                assertThat(replica.get("/id/users/me", admin.access()).statusCode())
                        .as("the old key's token")
                        .isEqualTo(200);
                assertThat(provider.get("/id/users/me", signedAnew.access()).statusCode())
                        .as("the new key's token at the replica that still signs with the old one")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void rejectsOldTokensAfterImmediateRotation() {
        try (var provider = TestProvider.start(PostgresConfiguration.freshDatabase())) {
            var admin = provider.signIn(TestProvider.ADMIN);
            provider.send(
                    "POST",
                    "/id/keys/rotation",
                    admin.access(),
                    null); // one key expires in a day, one has no expiry yet

            var rotated = provider.send("POST", "/id/keys/rotation?immediately=true", admin.access(), null);

            var newest = json(rotated).get("items").get(0).get("kid").stringValue();
            assertThat(kid(provider.signIn(TestProvider.ANA))).isEqualTo(newest).isNotEqualTo(kid(admin));
            assertThat(provider.get("/id/users/me", admin.access()).statusCode())
                    .as("the leaked key could have signed it")
                    .isEqualTo(401);
            assertThat(published(provider)).containsExactly(newest);
        }
    }

    @Test
    void rotatesKeyAfterTheRotationInterval() {
        var database = PostgresConfiguration.freshDatabase();
        try (var provider = TestProvider.start(
                database,
                "feira.keys.rotation-interval=1ms",
                "feira.keys.activation-delay=0s",
                "feira.keys.refresh-interval=50ms")) {
            var first = published(provider).getLast();

            Await.until(() -> published(provider).size() > 1
                    && !kid(provider.signIn(TestProvider.ANA)).equals(first));

            assertThat(published(provider)).contains(first);
        }
    }

    @Test
    void createsOneFirstKeyWhenReplicasStartTogether() throws Exception {
        try (var one = TestProvider.start(PostgresConfiguration.freshDatabase());
                var other = TestProvider.start(one.database);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            one.jdbc().sql("delete from signing_keys").update();

            // each replica runs this after the migration
            for (var start : List.of(
                    threads.submit(one.bean(KeyRing.class)::run), threads.submit(other.bean(KeyRing.class)::run))) {
                start.get();
            }

            assertThat(published(one)).hasSize(1).isEqualTo(published(other));
        }
    }

    @Test
    void storesNoPrivateKeyInClear() {
        var provider = TestProvider.shared();
        var kid = published(provider).getFirst();
        var row = provider.jdbc()
                .sql("select public_key::text, private_key from signing_keys where kid = :kid")
                .param("kid", kid)
                .query()
                .singleRow();

        var sealed = new String((byte[]) row.get("private_key"), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(sealed).doesNotContain("\"d\"").doesNotContain("kty").doesNotContain(kid);
        assertThat(DatabaseDump.of(provider.jdbc()))
                .contains(kid)
                .doesNotContain("\"d\"")
                .doesNotContain("\\\"d\\\"");
    }

    @Test
    void createsKeyAndVerifiesOldTokensAfterSecretChange() {
        var database = PostgresConfiguration.freshDatabase();
        Tokens old;
        try (var provider = TestProvider.start(database)) {
            old = provider.signIn(TestProvider.ANA);
        }
        var other = new byte[32];
        other[0] = 1;
        try (var provider = TestProvider.start(
                database, "feira.keys.encryption-secret=" + Base64.getEncoder().encodeToString(other))) {
            assertThat(provider.get("/id/users/me", old.access()).statusCode()).isEqualTo(200);
            assertThat(kid(provider.signIn(TestProvider.ANA))).isNotEqualTo(kid(old));
            assertThat(published(provider)).hasSize(2);
        }
    }

    @Test
    void publishesAlgorithmAndUseOfKeys() {
        var keys = json(TestProvider.shared().get("/id/oauth2/jwks", null)).get("keys");

        assertThat(List.of(
                        keys.get(0).get("alg"),
                        keys.get(0).get("use"),
                        keys.get(0).get("crv")))
                .extracting(JsonNode::stringValue)
                .containsExactly("ES256", "sig", "P-256");
        assertThat(List.of(keys.get(1).get("alg"), keys.get(1).get("use")))
                .extracting(JsonNode::stringValue)
                .containsExactly("RS256", "sig");
    }

    @Test
    void signsIdTokensOfClientThatKnowsRs256Only() throws Exception {
        try (var provider = TestProvider.start(
                PostgresConfiguration.freshDatabase(),
                "feira.provider.clients.feira-gateway.id-token-algorithm=RS256")) {
            var tokens = provider.signIn(TestProvider.ANA);

            assertThat(header(tokens.access()).get("alg").stringValue()).isEqualTo("ES256");
            var idToken = SignedJWT.parse(tokens.id());
            assertThat(idToken.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
            var keys = JWKSet.parse(provider.get("/id/oauth2/jwks", null).body());
            var key = keys.getKeyByKeyId(idToken.getHeader().getKeyID());
            assertThat(idToken.verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();
            assertThat(key.isPrivate()).isFalse();

            provider.send(
                    "POST",
                    "/id/keys/rotation?immediately=true",
                    provider.signIn(TestProvider.ADMIN).access(),
                    null);
            assertThat(header(provider.signIn(TestProvider.ANA).id()).get("kid").stringValue())
                    .isNotEqualTo(idToken.getHeader().getKeyID());
        }
    }

    @Test
    void addsRs256KeyToTheKeyOfAnEarlierVersion() {
        try (var provider = TestProvider.start(
                PostgresConfiguration.freshDatabase(),
                "feira.provider.clients.feira-gateway.id-token-algorithm=RS256",
                "feira.keys.refresh-interval=50ms")) {
            var before = published(provider);
            provider.jdbc()
                    .sql("update signing_keys set rs256_public_key = null, rs256_private_key = null")
                    .update();

            Await.until(() -> provider.jdbc()
                            .sql("select count(*) from signing_keys where rs256_public_key is not null")
                            .query(Integer.class)
                            .single()
                    == 1);

            assertThat(published(provider)).isEqualTo(before);
        }
    }

    @Test
    void failsStartForAnUnknownAlgorithm() {
        assertThatThrownBy(() -> TestProvider.start(
                        PostgresConfiguration.freshDatabase(),
                        "feira.provider.clients.feira-cli.id-token-algorithm=HS256"))
                .hasStackTraceContaining("feira.provider.clients.feira-cli.id-token-algorithm must be ES256 or RS256");
    }
}
