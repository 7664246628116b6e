package dev.feira.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Issues ES256 tokens and serves the public key on loopback, so that a service under test verifies tokens as in
 * production. Use as {@code @ContextConfiguration(initializers = TestIdentity.class)}, or pass
 * {@link #property()} to an application started by hand.
 */
public final class TestIdentity implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** The issuer that services expect by default. */
    public static final String ISSUER = "http://localhost:8080/id";

    /** The audience that services expect. */
    public static final String AUDIENCE = "feira-api";

    private static final ECKey KEY = newKey("test-key");
    private static final HttpServer SERVER = serve();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(property()).applyTo(context);
    }

    /** Returns the property {@code name=value} with this issuer's URL. */
    public static String property() {
        return "feira.identity.url=http://localhost:" + SERVER.getAddress().getPort() + "/id";
    }

    /** Returns a user's token, valid for 10 minutes. Roles are {@code customer}, {@code staff}, {@code admin}. */
    public static String token(String subject, String... roles) {
        return sign(KEY, claims -> claims.subject(subject).claim("roles", List.of(roles)));
    }

    /** Returns a service's token, as issued for client credentials. */
    public static String serviceToken(String clientId, String... scopes) {
        return sign(KEY, claims -> claims.subject(clientId).claim("scope", List.of(scopes)));
    }

    /** Returns a token that expired an hour ago. */
    public static String expired(String subject, String... roles) {
        var then = Instant.now().minus(Duration.ofHours(1));
        return sign(
                KEY,
                claims -> claims.subject(subject)
                        .claim("roles", List.of(roles))
                        .issueTime(Date.from(then.minusSeconds(600)))
                        .expirationTime(Date.from(then)));
    }

    /** Returns a token signed by another key under the id of the issuer's key. */
    public static String foreign(String subject, String... roles) {
        return sign(newKey("test-key"), claims -> claims.subject(subject).claim("roles", List.of(roles)));
    }

    /** Returns a token signed by another key under an unknown id. */
    public static String ofUnknownKey(String subject, String... roles) {
        return sign(
                newKey(UUID.randomUUID().toString()),
                claims -> claims.subject(subject).claim("roles", List.of(roles)));
    }

    /** Returns a token whose default claims are changed by {@code claims}. */
    public static String tokenWith(Consumer<JWTClaimsSet.Builder> claims) {
        return sign(KEY, claims);
    }

    /** Returns a token with another header type than the issuer's {@code JWT}. */
    public static String ofType(String type, String subject, String... roles) {
        return sign(
                KEY, new JOSEObjectType(type), claims -> claims.subject(subject).claim("roles", List.of(roles)));
    }

    /** Returns a token signed by HMAC with the public key as the secret (RFC 8725, section 2.1). */
    public static String signedWithThePublicKey(String subject, String... roles) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(KEY.getKeyID())
                            .type(JOSEObjectType.JWT)
                            .build(),
                    claims(claims -> claims.subject(subject).claim("roles", List.of(roles))));
            token.sign(new MACSigner(KEY.toECPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("the test token could not be signed", e);
        }
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> change) {
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofMinutes(10))));
        change.accept(claims);
        return claims.build();
    }

    private static String sign(ECKey key, Consumer<JWTClaimsSet.Builder> change) {
        return sign(key, JOSEObjectType.JWT, change);
    }

    private static String sign(ECKey key, JOSEObjectType type, Consumer<JWTClaimsSet.Builder> change) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(key.getKeyID())
                    .type(type)
                    .build();
            var token = new SignedJWT(header, claims(change));
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("the test token could not be signed", e);
        }
    }

    private static ECKey newKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(id)
                    .algorithm(JWSAlgorithm.ES256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("the test key could not be generated", e);
        }
    }

    private static HttpServer serve() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            server.createContext("/id/oauth2/jwks", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, keys.length);
                try (var body = exchange.getResponseBody()) {
                    body.write(keys);
                }
            });
            server.createContext("/id/oauth2/token", TestIdentity::issue);
            var daemon = new Thread(server::start, "test-identity");
            daemon.setDaemon(true); // inherited by the server's threads, which must not keep the JVM alive
            daemon.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("the test issuer did not start", e);
        }
    }

    /** Issues a token of the client credentials grant; trusts every client. */
    private static void issue(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var scopes = URLDecoder.decode(form.replaceFirst("(?s).*scope=([^&]*).*", "$1"), StandardCharsets.UTF_8);
        var basic = exchange.getRequestHeaders().getFirst("Authorization").substring("Basic ".length());
        var client = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8).split(":", 2)[0];
        var body = "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":600}"
                .formatted(serviceToken(client, scopes.split(" ")))
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
