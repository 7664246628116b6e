package dev.feira.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs a user-service on a real PostgreSQL and calls it over HTTP, like the gateway. */
final class TestProvider implements AutoCloseable {

    static final String PUBLIC_URL = "http://localhost:8080";
    static final String ISSUER = PUBLIC_URL + "/id";
    static final String GATEWAY_SECRET = "gateway-secret-for-tests-0123456789";
    static final String ORDER_SECRET = "order-secret-for-tests-0123456789ab";
    static final String CATALOG_SECRET = "catalog-secret-for-tests-0123456789";
    static final String NOTIFICATION_SECRET = "notification-secret-for-tests-01234";
    static final String GATEWAY_SERVICE_SECRET = "gateway-service-secret-for-tests-0123456789";
    static final String ENCRYPTION_SECRET = Base64.getEncoder().encodeToString(new byte[32]);
    static final String DEMO_PASSWORD = "market day, rain or shine";
    static final String PASSWORD = "seven ripe figs";
    static final String ANA = "ana@feira.example";
    static final String SOFIA = "sofia@feira.example";
    static final String ADMIN = "admin@feira.example";
    static final JsonMapper JSON = JsonMapper.shared();

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static TestProvider shared;

    private final ConfigurableApplicationContext context;
    final JdbcConnectionDetails database;

    private TestProvider(ConfigurableApplicationContext context, JdbcConnectionDetails database) {
        this.context = context;
        this.database = database;
    }

    /** Returns the instance for all tests that leave it unchanged for others. */
    static synchronized TestProvider shared() {
        if (shared == null) {
            shared = start(PostgresConfiguration.freshDatabase());
        }
        return shared;
    }

    /** Starts a further replica on a database, with its own settings. */
    static TestProvider start(JdbcConnectionDetails database, String... settings) {
        var properties = new ArrayList<>(List.of(
                "server.port=0",
                "management.server.port=0",
                "feira.public-url=" + PUBLIC_URL,
                "feira.database.migration-wait=60s",
                "spring.datasource.url=" + database.getJdbcUrl(),
                "spring.datasource.username=" + database.getUsername(),
                "spring.datasource.password=" + database.getPassword(),
                "feira.keys.encryption-secret=" + ENCRYPTION_SECRET,
                "feira.provider.clients.feira-gateway.secret=" + GATEWAY_SECRET,
                "feira.provider.clients.order-service.secret=" + ORDER_SECRET,
                "feira.provider.clients.catalog-service.secret=" + CATALOG_SECRET,
                "feira.provider.clients.notification-service.secret=" + NOTIFICATION_SECRET,
                "feira.provider.clients.gateway-service.secret=" + GATEWAY_SERVICE_SECRET,
                "feira.users.demo-password=" + DEMO_PASSWORD));
        properties.addAll(Arrays.asList(settings));
        var arguments = properties.stream()
                .collect(Collectors.toMap(each -> each.split("=", 2)[0], each -> each, (_, later) -> later))
                .values()
                .stream()
                .map(property -> "--" + property)
                .toArray(String[]::new);
        return new TestProvider(new SpringApplicationBuilder(UserService.class).run(arguments), database);
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    <T> Stream<T> beans(Class<T> type) {
        return context.getBeanProvider(type).stream();
    }

    String url() {
        return "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
    }

    String managementUrl() {
        return "http://localhost:" + context.getEnvironment().getProperty("local.management.port");
    }

    @Override
    public void close() {
        context.close();
    }

    // --- plain requests

    HttpResponse<String> send(String method, String path, String bearer, String json) {
        var request = HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(30));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(
                method, json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        return send(request.build());
    }

    HttpResponse<String> get(String path, String bearer) {
        return send("GET", path, bearer, null);
    }

    HttpResponse<String> form(String path, String authorization, Map<String, String> fields) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(fields)));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(request.build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static JsonNode claims(String jwt) {
        return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
    }

    static JsonNode header(String jwt) {
        return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[0]));
    }

    // --- clients of the platform

    static String gateway() {
        return basic("feira-gateway", GATEWAY_SECRET);
    }

    static String orderService() {
        return basic("order-service", ORDER_SECRET);
    }

    static String basic(String id, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** The tokens that a client gets for a user. */
    record Tokens(String access, String refresh, String id) {

        static Tokens of(HttpResponse<String> response) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            var json = json(response);
            return new Tokens(
                    json.get("access_token").stringValue(),
                    json.path("refresh_token").stringValue(null),
                    json.path("id_token").stringValue(null));
        }
    }

    /** Registers a new account, so that tests do not interfere. */
    String newAccount() {
        var email = "person-" + UUID.randomUUID() + "@feira.example";
        register(email);
        return email;
    }

    UUID register(String email) {
        var response = send(
                "POST",
                "/id/users",
                null,
                JSON.writeValueAsString(Map.of("email", email, "password", PASSWORD, "name", "Test Person")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return UUID.fromString(json(response).get("id").stringValue());
    }

    /** Registers an account and verifies its e-mail address by the link. */
    UUID registerVerified(String email) {
        var id = register(email);
        new Browser(this).confirm(link(id, "user.verification-requested.v1", "link"), Map.of());
        return id;
    }

    /** Returns the newest link that was sent to a user. */
    String link(UUID user, String type, String member) {
        return jdbc().sql("""
                        select payload ->> :member from outbox where aggregateid = :user and type = :type
                         order by number desc limit 1""")
                .param("member", member)
                .param("user", user.toString())
                .param("type", type)
                .query(String.class)
                .single();
    }

    /** Makes all links of a user expire. */
    void expireLinks(UUID user) {
        jdbc().sql("update account_links set expires_at = now() - interval '1 second' where user_id = :user")
                .param("user", user)
                .update();
    }

    /** Returns the events of a user, read as another service does. */
    List<JsonNode> eventsOf(UUID user) {
        var events = new ArrayList<JsonNode>();
        var token = Tokens.of(form(
                        "/id/oauth2/token",
                        orderService(),
                        Map.of("grant_type", "client_credentials", "scope", "feeds.users")))
                .access();
        var position = "";
        while (true) {
            var response = get("/id/feeds/users?limit=500&after=" + position, token);
            if (response.statusCode() == 204) {
                return events;
            }
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            for (var event : json(response)) {
                position = event.get("position").stringValue();
                if (event.get("subject").stringValue().equals(user.toString())) {
                    events.add(event);
                }
            }
        }
    }

    List<String> typesOf(UUID user) {
        return eventsOf(user).stream()
                .map(event -> event.get("type").stringValue())
                .toList();
    }

    /** Waits for these events of a user: an older transaction delays them. */
    void awaitEvents(UUID user, String... types) {
        Await.until(() -> typesOf(user).size() >= types.length);
        assertThat(typesOf(user)).containsExactly(types);
    }

    /** Signs in by the login page, as the client of the gateway. */
    Tokens signIn(String email) {
        return new Browser(this).signInFor(Client.GATEWAY, email, passwordOf(email));
    }

    static String passwordOf(String email) {
        return email.startsWith("person-") ? PASSWORD : DEMO_PASSWORD;
    }

    HttpResponse<String> refresh(String refreshToken) {
        return form(
                "/id/oauth2/token", gateway(), Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    /** Returns an IP address that no other test uses. */
    static String newAddress() {
        var random = ThreadLocalRandom.current();
        return "203.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(1, 255));
    }

    /** The clients of the platform. */
    enum Client {
        GATEWAY("feira-gateway", PUBLIC_URL + "/login/oauth2/code/feira"),
        CLI("feira-cli", "http://127.0.0.1:49152/callback");

        final String id;
        final String redirectUri;

        Client(String id, String redirectUri) {
            this.id = id;
            this.redirectUri = redirectUri;
        }
    }
}
