package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.test.PostgresConfiguration;
import dev.feira.user.application.SignInAudit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class StartTests {

    @ParameterizedTest
    @CsvSource({
        "feira.keys.encryption-secret, ''",
        "feira.keys.encryption-secret, c2hvcnQ=",
        "feira.provider.clients.feira-gateway.secret, ''",
        "feira.provider.clients.order-service.secret, leaked-default",
        "feira.users.demo-password, short-one",
    })
    void failsStartWithoutPrintingMissingOrWeakSecret(String property, String value, CapturedOutput output) {
        assertThatThrownBy(() -> TestProvider.start(PostgresConfiguration.freshDatabase(), property + "=" + value))
                .isInstanceOf(Exception.class);

        assertThat(output.getAll()).contains(property);
        if (!value.isEmpty()) {
            assertThat(output.getAll()).doesNotContain(value);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, max-age=31536000", "true, max-age=31536000 ; includeSubDomains"})
    void extendsHstsToSubdomainsWhenConfigured(boolean subdomains, String header) {
        try (var provider = TestProvider.start(
                PostgresConfiguration.freshDatabase(),
                "feira.public-url=https://feira.example",
                "feira.hsts.include-sub-domains=" + subdomains)) {
            for (var path : List.of("/id/login", "/id/users/me", "/id/.well-known/openid-configuration")) {
                assertThat(provider.get(path, null).headers().allValues("Strict-Transport-Security"))
                        .as(path)
                        .containsExactly(header);
            }
        }
        assertThat(TestProvider.shared().get("/id/login", null).headers().firstValue("Strict-Transport-Security"))
                .as("http")
                .isEmpty();
    }

    @Test
    void startsWithoutDatabaseAndIsReadyWhenItReturns() throws Exception {
        var database = PostgresConfiguration.freshDatabase();
        try (var door = new Door(database)) {
            door.shut();
            try (var provider = TestProvider.start(
                    door, "feira.database.migration-wait=100ms", "feira.database.migration-retry=200ms")) {
                assertThat(health(provider, "liveness")).isEqualTo(200);
                assertThat(health(provider, "readiness")).isEqualTo(503);
                assertThat(provider.get("/id/login", null).statusCode())
                        .as("a page without a session")
                        .isIn(200, 503);
                assertThat(provider.form(
                                        "/id/oauth2/token",
                                        TestProvider.orderService(),
                                        Map.of("grant_type", "client_credentials"))
                                .statusCode())
                        .isEqualTo(503);
                var keys = provider.get("/id/oauth2/jwks", null);
                assertThat(keys.statusCode()).as(keys.body()).isEqualTo(503);
                assertThat(keys.headers().firstValue("Retry-After")).isPresent();
                var token = TestProvider.shared().signIn(TestProvider.ANA).access();
                for (var path : List.of("/id/users/me", "/id/userinfo")) {
                    assertThat(provider.get(path, token).statusCode()).as(path).isEqualTo(503);
                }

                door.open();

                Await.until(() -> health(provider, "readiness") == 200);
                assertThat(provider.signIn(TestProvider.ANA).access()).isNotBlank();
            }
        }
    }

    @Test
    void validatesTokensAndReturns503DuringDatabaseOutage() throws Exception {
        try (var door = new Door(PostgresConfiguration.freshDatabase());
                var provider = TestProvider.start(door)) {
            var tokens = provider.signIn(TestProvider.ANA);
            var browser = new Browser(provider);
            browser.logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD);

            door.shut();

            assertThat(json(provider.get("/id/oauth2/jwks", null)).get("keys")).hasSize(2); // ES256 and RS256
            var me = provider.get("/id/users/me", tokens.access());
            assertThat(me.statusCode()).isEqualTo(503);
            assertThat(me.headers().firstValue("Retry-After")).isPresent();
            assertThat(provider.get("/id/users/me", "x").statusCode()).isEqualTo(401);
            var page = browser.get("/id/activate");
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(page.body()).contains("Not available right now");
            assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(503);
            assertThat(health(provider, "liveness")).isEqualTo(200);

            door.open();

            Await.until(() -> provider.get("/id/users/me", tokens.access()).statusCode() == 200);
            assertThat(browser.get("/id/activate").statusCode()).isEqualTo(200);
            assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void disablesDemoAccountsWithoutDemoPassword() {
        var database = PostgresConfiguration.freshDatabase();
        String signedIn;
        try (var provider = TestProvider.start(database)) {
            signedIn = provider.signIn(TestProvider.ANA).refresh();
        }
        try (var provider = TestProvider.start(database, "feira.users.demo-password=")) {
            assertThat(provider.refresh(signedIn).statusCode()).isEqualTo(400);
            assertThat(provider.bean(SignInAudit.class).check().isBalanced()).isTrue();
            assertThat(Browser.location(new Browser(provider).logIn(TestProvider.ANA, TestProvider.DEMO_PASSWORD)))
                    .endsWith("?error");
        }
        try (var provider = TestProvider.start(database)) {
            signedIn = provider.signIn(TestProvider.ANA).refresh();
        }
        try (var provider = TestProvider.start(database, "feira.users.demo-password=another demo password")) {
            assertThat(provider.refresh(signedIn).statusCode())
                    .as("signed in with the previous password")
                    .isEqualTo(400);
            assertThat(Browser.location(new Browser(provider).logIn(TestProvider.ANA, "another demo password")))
                    .endsWith("/login");
            assertThat(provider.jdbc()
                            .sql("select email from users where demo order by email")
                            .query(String.class)
                            .list())
                    .isEqualTo(List.of(
                            "admin@feira.example", "ana@feira.example", "bruno@feira.example", "sofia@feira.example"));
        }
    }

    @Test
    void promotesConfiguredAccountToFirstAdminOnce() {
        var database = PostgresConfiguration.freshDatabase();
        String first;
        String second;
        try (var provider = TestProvider.start(database, "feira.users.first-admin=unknown@feira.example")) {
            first = provider.newAccount();
            second = provider.newAccount();
            assertThat(provider.jdbc()
                            .sql("select count(*) from users")
                            .query(Integer.class)
                            .single())
                    .as("the setting creates no account")
                    .isEqualTo(6);
        }
        for (var named : List.of(first.toUpperCase(Locale.ROOT), second)) {
            try (var provider = TestProvider.start(database, "feira.users.first-admin=" + named)) {
                var roles = claims(provider.signIn(first).access()).get("roles");
                assertThat(roles).extracting(JsonNode::stringValue).containsExactly("customer", "admin");
                assertThat(claims(provider.signIn(second).access()).get("roles"))
                        .extracting(JsonNode::stringValue)
                        .containsExactly("customer");
                assertThat(provider.jdbc()
                                .sql("select detail ->> 'by' from security_events where type = 'ROLES_CHANGED'")
                                .query(String.class)
                                .list())
                        .containsExactly("feira.users.first-admin");
            }
        }
    }

    @Test
    void rejectsClientThatWasRemovedFromTheConfiguration() {
        var database = PostgresConfiguration.freshDatabase();
        var removed = TestProvider.basic("removed", TestProvider.PASSWORD.repeat(2));
        var grant = Map.of("grant_type", "client_credentials", "scope", "catalog.reservations");
        String token;
        try (var provider = TestProvider.start(
                database,
                "feira.provider.clients.removed.name=Removed",
                "feira.provider.clients.removed.confidential=true",
                "feira.provider.clients.removed.secret=" + TestProvider.PASSWORD.repeat(2),
                "feira.provider.clients.removed.grants=client_credentials",
                "feira.provider.clients.removed.scopes=catalog.reservations")) {
            token = TestProvider.Tokens.of(provider.form("/id/oauth2/token", removed, grant))
                    .access();
        }
        try (var provider = TestProvider.start(database)) {
            assertThat(provider.form("/id/oauth2/token", removed, grant).statusCode())
                    .isEqualTo(401);
            var introspection = provider.form("/id/oauth2/introspect", TestProvider.gateway(), Map.of("token", token));
            assertThat(json(introspection).get("active").booleanValue()).isFalse();
        }
    }

    private static int health(TestProvider provider, String group) {
        return TestProvider.send(
                        HttpRequest.newBuilder(URI.create(provider.managementUrl() + "/actuator/health/" + group))
                                .GET()
                                .build())
                .statusCode();
    }

    /** A TCP proxy to the database that can close: it resets open connections and rejects new ones. */
    private static final class Door implements JdbcConnectionDetails, AutoCloseable {

        private final JdbcConnectionDetails behind;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
        private volatile boolean open = true;

        Door(JdbcConnectionDetails behind) throws IOException {
            this.behind = behind;
            Thread.ofVirtual().start(this::accept);
        }

        void open() {
            open = true;
        }

        void shut() {
            open = false;
            sockets.forEach(Door::cut);
            sockets.clear();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    var client = server.accept();
                    if (!open) {
                        cut(client);
                        continue;
                    }
                    var url = URI.create(behind.getJdbcUrl().substring("jdbc:".length()));
                    var backend = new Socket(url.getHost(), url.getPort());
                    sockets.add(client);
                    sockets.add(backend);
                    if (!open) {
                        shut();
                    }
                    Thread.ofVirtual().start(() -> pump(client, backend));
                    Thread.ofVirtual().start(() -> pump(backend, client));
                } catch (IOException e) {
                    // the proxy or the database closed
                }
            }
        }

        private void pump(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // reset
            } finally {
                cut(from);
                cut(to);
            }
        }

        private static void cut(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // closed already
            }
        }

        @Override
        public String getJdbcUrl() {
            return behind.getJdbcUrl().replaceFirst("//[^/]+/", "//localhost:" + server.getLocalPort() + "/");
        }

        @Override
        public String getUsername() {
            return behind.getUsername();
        }

        @Override
        public String getPassword() {
            return behind.getPassword();
        }

        @Override
        public void close() throws IOException {
            server.close();
            shut();
        }
    }
}
