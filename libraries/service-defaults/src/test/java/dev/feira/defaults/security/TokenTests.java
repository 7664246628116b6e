package dev.feira.defaults.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.feira.defaults.Http;
import dev.feira.defaults.SampleService;
import dev.feira.defaults.problem.ProblemsTests;
import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
class TokenTests {

    @LocalServerPort
    int port;

    @Test
    void convertsRolesAndScopesToAuthorities() {
        assertThat(me(TestIdentity.token("ana", "customer", "staff"))).contains("ROLE_CUSTOMER", "ROLE_STAFF");
        assertThat(me(TestIdentity.serviceToken("order-service", "catalog.reservations")))
                .contains("SCOPE_catalog.reservations");
        assertThat(me(TestIdentity.tokenWith(claims -> claims.subject("ana").claim("scope", "openid profile"))))
                .contains("SCOPE_openid", "SCOPE_profile");
    }

    /** The tolerance is 2 minutes. */
    @Test
    void acceptsClockSkewOf90SecondsAndRejects180() {
        assertThat(me(TestIdentity.tokenWith(claims -> claims.subject("ana").notBeforeTime(in(90)))))
                .isEqualTo("[]");
        assertThat(me(TestIdentity.tokenWith(
                        claims -> claims.subject("ana").issueTime(in(-600)).expirationTime(in(-90)))))
                .isEqualTo("[]");
        assertRejected(TestIdentity.tokenWith(claims -> claims.subject("ana").notBeforeTime(in(180))));
        assertRejected(TestIdentity.tokenWith(
                claims -> claims.subject("ana").issueTime(in(-600)).expirationTime(in(-180))));
    }

    private static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    @Test
    void rejectsExpiredToken() {
        assertRejected(TestIdentity.expired("ana", "admin"));
    }

    @Test
    void rejectsTokenSignedByForeignKeyUnderAKnownKeyId() {
        assertRejected(TestIdentity.foreign("ana", "admin"));
    }

    @Test
    void rejectsManyUnknownKeyIdsAndStillAcceptsValidTokens() {
        for (var i = 0; i < 5; i++) {
            assertRejected(TestIdentity.ofUnknownKey("ana", "admin"));
        }

        assertThat(me(TestIdentity.token("ana", "customer"))).contains("ROLE_CUSTOMER");
    }

    @Test
    void rejectsUnsignedToken() {
        var claims = new JWTClaimsSet.Builder()
                .issuer(TestIdentity.ISSUER)
                .audience(TestIdentity.AUDIENCE)
                .subject("ana")
                .claim("roles", List.of("admin"))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build();
        assertRejected(new PlainJWT(claims).serialize());
    }

    @Test
    void rejectsTokenSignedWithThePublicKeyAsHmacSecret() {
        assertRejected(TestIdentity.signedWithThePublicKey("ana", "admin"));
    }

    @Test
    void rejectsTokenOfAnotherType() {
        assertRejected(TestIdentity.ofType("logout+jwt", "ana", "admin"));
    }

    @Test
    void rejectsTokenOfAnotherIssuerOrAudience() {
        assertRejected(TestIdentity.tokenWith(claims -> claims.subject("ana").issuer("http://elsewhere/id")));
        assertRejected(TestIdentity.tokenWith(claims -> claims.subject("ana").audience("feira-gateway")));
        assertRejected(TestIdentity.tokenWith(claims -> claims.subject("ana").audience((String) null)));
    }

    @Test
    void rejectsTokenWithoutSubjectOrExpiry() {
        assertRejected(TestIdentity.tokenWith(claims -> {}));
        assertRejected(TestIdentity.tokenWith(claims -> claims.subject("ana").expirationTime(null)));
        assertRejected("not-a-token");
    }

    @Test
    void returns503WhenTheIssuersKeysAreUnavailable() {
        try (var service = new SpringApplicationBuilder(SampleService.class)
                .run("--feira.identity.url=http://localhost:1/id", "--feira.database.migration-wait=0s")) {
            var other = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);

            var response = Http.get(other, "/me", "Authorization", "Bearer " + TestIdentity.token("ana", "customer"));

            ProblemsTests.problem(response, 503, "identity-unavailable");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
        }
    }

    private String me(String token) {
        var response = Http.get(port, "/me", "Authorization", "Bearer " + token);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private void assertRejected(String token) {
        ProblemsTests.problem(Http.get(port, "/me", "Authorization", "Bearer " + token), 401, "unauthenticated");
    }
}
