package dev.feira.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.feira.test.TestFeed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small OpenID provider on loopback that is as strict as user-service. It requires PKCE and client authentication,
 * accepts a code once, rotates refresh tokens, and ends the whole login when one of them is used twice.
 */
public final class IdentityProvider {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final String publicUrl;
    private final String secret;
    private final ECKey key = newKey();
    private final ECKey otherKey = newKey();
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final Map<String, Family> families = new ConcurrentHashMap<>(); // by refresh token, used or not
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger reuses = new AtomicInteger();
    private final AtomicInteger revocations = new AtomicInteger();

    /** What happened to users. */
    public final TestFeed users = new TestFeed("users");

    private volatile Duration lifetime = Duration.ofMinutes(10);
    private volatile String issuer;
    private volatile String renamed;
    private volatile boolean foreignKey;
    private volatile boolean down;
    private volatile CountDownLatch held = new CountDownLatch(0);

    private record Grant(String subject, String nonce, String challenge, List<String> roles) {}

    private static final class Family {
        final String subject;
        final List<String> roles;
        String current;
        String previous;
        String response;
        boolean ended;

        Family(String subject, List<String> roles) {
            this.subject = subject;
            this.roles = roles;
        }
    }

    IdentityProvider(String publicUrl, String secret) {
        this.publicUrl = publicUrl;
        this.issuer = publicUrl + "/id";
        this.secret = secret;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/id/oauth2/jwks", exchange -> respond(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        server.createContext("/id/oauth2/token", this::token);
        server.createContext("/id/oauth2/revoke", exchange -> {
            exchange.getRequestBody().readAllBytes();
            revocations.incrementAndGet();
            respond(exchange, 200, "{}");
        });
        server.createContext("/id/userinfo", this::userInfo);
        server.createContext("/id/feeds/users", this::feed);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/id";
    }

    /** Everything as it was at the start. */
    public IdentityProvider reset() {
        lifetime = Duration.ofMinutes(10);
        issuer = publicUrl + "/id";
        renamed = null;
        foreignKey = false;
        down = false;
        held = new CountDownLatch(0);
        renewals.set(0);
        reuses.set(0);
        revocations.set(0);
        return this;
    }

    public void issueTokensFor(Duration lifetime) {
        this.lifetime = lifetime;
    }

    public void claimToBe(String issuer) {
        this.issuer = issuer;
    }

    public void signWithForeignKey() {
        foreignKey = true;
    }

    /** From now on ID tokens say this name. */
    public void rename(String name) {
        renamed = name;
    }

    /** Ends every login, as an administrator would. */
    public void endAllLogins() {
        families.values().forEach(family -> {
            synchronized (family) {
                family.ended = true;
            }
        });
    }

    public void goDown() {
        down = true;
    }

    /** Renewals wait until {@link #release}. */
    public void hold() {
        held = new CountDownLatch(1);
    }

    public void release() {
        held.countDown();
    }

    /** Renewals that wait for {@link #release}. */
    public int waiting() {
        return waiting.get();
    }

    /** Refresh tokens that were exchanged for a successor. */
    public int renewals() {
        return renewals.get();
    }

    public int reuses() {
        return reuses.get();
    }

    public int revocations() {
        return revocations.get();
    }

    /** What the login page does: returns where the browser goes back to, with a code for {@code subject}. */
    public URI approve(String authorizationUrl, String subject, String... roles) {
        var query = parameters(URI.create(authorizationUrl).getRawQuery());
        if (!"S256".equals(query.get("code_challenge_method"))) {
            throw new AssertionError("PKCE is missing: " + authorizationUrl);
        }
        var code = UUID.randomUUID().toString();
        codes.put(code, new Grant(subject, query.get("nonce"), query.get("code_challenge"), List.of(roles)));
        return URI.create(query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
    }

    private void token(HttpExchange exchange) throws IOException {
        var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (down) {
            respond(exchange, 500, "{\"error\":\"server_error\"}");
            return;
        }
        var isService = "client_credentials".equals(form.get("grant_type"));
        var expected = isService ? basic("gateway-service", Gateways.SERVICE_SECRET) : basic("feira-gateway", secret);
        if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            respond(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        switch (form.getOrDefault("grant_type", "")) {
            case "client_credentials" ->
                respond(
                        exchange,
                        200,
                        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":600}"
                                .formatted(form.get("scope")));
            case "authorization_code" -> exchangeCode(exchange, form);
            case "refresh_token" -> renew(exchange, form);
            default -> respond(exchange, 400, "{\"error\":\"unsupported_grant_type\"}");
        }
    }

    private static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** Its token is the scope. */
    private void feed(HttpExchange exchange) throws IOException {
        if (!"Bearer feeds.users".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            respond(exchange, 403, "{}");
            return;
        }
        try {
            var batch = users.read(exchange.getRequestURI());
            if (batch.isPresent()) {
                respond(exchange, 200, "application/cloudevents-batch+json", batch.get());
            } else {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void exchangeCode(HttpExchange exchange, Map<String, String> form) throws IOException {
        var grant = codes.remove(form.getOrDefault("code", ""));
        if (grant == null || !grant.challenge.equals(challenge(form.getOrDefault("code_verifier", "")))) {
            respond(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        respond(exchange, 200, tokens(new Family(grant.subject, grant.roles), grant.nonce));
    }

    private void renew(HttpExchange exchange, Map<String, String> form) throws IOException {
        waiting.incrementAndGet();
        try {
            held.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.decrementAndGet();
        }
        var token = form.getOrDefault("refresh_token", "");
        var family = families.get(token);
        if (family == null) {
            respond(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        String response;
        synchronized (family) {
            var isRepeated = token.equals(family.previous); // as user-service: the successor, as long as it is unused
            if (!token.equals(family.current) && !isRepeated) {
                reuses.incrementAndGet();
                family.ended = true;
            }
            if (family.ended) {
                response = null;
            } else if (isRepeated) {
                response = family.response;
            } else {
                renewals.incrementAndGet();
                family.previous = token;
                family.response = tokens(family, null);
                response = family.response;
            }
        }
        respond(exchange, response == null ? 400 : 200, response == null ? "{\"error\":\"invalid_grant\"}" : response);
    }

    private String tokens(Family family, String nonce) {
        var refresh = UUID.randomUUID().toString();
        family.current = refresh;
        families.put(refresh, family);
        var access = sign(new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(family.subject)
                .audience("feira-api")
                .claim("roles", family.roles)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plus(lifetime)))
                .build());
        var id = sign(new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(family.subject)
                .audience("feira-gateway")
                .claim("nonce", nonce)
                .claim("name", renamed)
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
        return JSON.writeValueAsString(Map.of(
                "access_token",
                access,
                "token_type",
                "Bearer",
                "expires_in",
                lifetime.toSeconds(),
                "refresh_token",
                refresh,
                "id_token",
                id,
                "scope",
                "openid profile email"));
    }

    private void userInfo(HttpExchange exchange) throws IOException {
        try {
            var token = SignedJWT.parse(
                    exchange.getRequestHeaders().getFirst("Authorization").substring(7));
            var subject = token.getJWTClaimsSet().getSubject();
            respond(
                    exchange,
                    200,
                    JSON.writeValueAsString(
                            Map.of("sub", subject, "name", "Name of " + subject, "email", subject + "@feira.example")));
        } catch (ParseException e) {
            respond(exchange, 401, "{}");
        }
    }

    private String sign(JWTClaimsSet claims) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(key.getKeyID())
                    .build();
            var token = new SignedJWT(header, claims);
            token.sign(new ECDSASigner(foreignKey ? otherKey : key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        respond(exchange, status, "application/json", body);
    }

    private static void respond(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static Map<String, String> parameters(String encoded) {
        return Arrays.stream(encoded.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        pair -> pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                        (one, _) -> one));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("identity-key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
