package dev.feira.gateway;

import static dev.feira.gateway.Backend.responding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.TestIdentity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How many requests a client may make, on a gateway with small limits behind a trusted proxy: this test. */
class LimitTests {

    private static final String[] LIMITS = {
        "feira.gateway.forwarding.trusted-proxies=127.0.0.0/8,::1/128",
        "feira.gateway.limits.enabled=true",
        "feira.gateway.limits.address.requests=20",
        "feira.gateway.limits.address.per=1h",
        "feira.gateway.limits.browsing.requests=5",
        "feira.gateway.limits.browsing.per=1h",
        "feira.gateway.limits.writing.requests=3",
        "feira.gateway.limits.writing.per=1h",
        "feira.gateway.limits.sign-in.requests=4",
        "feira.gateway.limits.sign-in.per=1h",
        "feira.gateway.limits.registration.requests=2",
        "feira.gateway.limits.registration.per=1h",
        TestIdentity.property()
    };
    private static Gateways.Gateway gateway;
    private static Gateways.Gateway replica;
    private static Backend backend;

    @BeforeAll
    static void start() {
        backend = new Backend().that(responding(200, "{}"));
        gateway = Gateways.start(LIMITS);
        replica = Gateways.start(LIMITS);
        for (var each : new Gateways.Gateway[] {gateway, replica}) {
            each.with("catalog-service", backend).with("order-service", backend).with("user-service", backend);
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        replica.close();
        backend.close();
    }

    @Test
    void returnsQuotaAndRejectsRequestsBeyondIt() {
        var http = gateway.http();
        for (var i = 4; i >= 0; i--) {
            var reply = http.get("/api/products", "X-Forwarded-For", "203.0.113.1");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("RateLimit-Policy")).contains("\"browsing\";q=5;w=3600");
            assertThat(reply.header("RateLimit").orElseThrow()).matches("\"browsing\";r=" + i + ";t=\\d+");
        }

        var rejected = http.get("/api/products", "X-Forwarded-For", "203.0.113.1");

        assertThat(rejected.status()).isEqualTo(429);
        assertThat(rejected.problem()).isEqualTo("rate-limited");
        assertThat(Integer.parseInt(rejected.header("Retry-After").orElseThrow()))
                .isBetween(600, 720);
        assertThat(rejected.header("RateLimit").orElseThrow()).startsWith("\"browsing\";r=0;t=");
        assertThat(rejected.header("X-Content-Type-Options")).contains("nosniff");
        // writing is another quota, another address another client
        assertThat(http.post("/api/quotes", "{}", "X-Forwarded-For", "203.0.113.1")
                        .status())
                .isEqualTo(200);
        assertThat(http.get("/api/products", "X-Forwarded-For", "203.0.113.2").status())
                .isEqualTo(200);
    }

    @Test
    void ignoresForwardedForEntriesBeforeTheLastUntrustedAddress() {
        var http = gateway.http();
        for (var i = 0; i < 5; i++) {
            http.get("/api/products", "X-Forwarded-For", "198.51.100." + i + ", 203.0.113.10, 127.0.0.1");
        }

        assertThat(http.get("/api/products", "X-Forwarded-For", "198.51.100.99, 203.0.113.10")
                        .status())
                .isEqualTo(429);
        assertThat(backend.last().header("X-Forwarded-For")).isEqualTo("203.0.113.10");
    }

    @Test
    void continuesTheTraceOfATrustedProxy() {
        var trace = "0af7651916cd43dd8448eb211c80319c";
        var reply = gateway.http()
                .get(
                        "/api/products",
                        "X-Forwarded-For",
                        "203.0.113.15",
                        "traceparent",
                        "00-" + trace + "-b7ad6b7169203331-01");

        assertThat(reply.header("X-Trace-Id")).contains(trace);
    }

    @Test
    void countsAnIpv6NetworkAsOneClient() {
        var http = gateway.http();
        for (var i = 0; i < 5; i++) {
            http.get("/api/products", "X-Forwarded-For", "2001:db8:1:2::" + i);
        }

        assertThat(http.get("/api/products", "X-Forwarded-For", "2001:db8:1:2:ffff::1")
                        .status())
                .isEqualTo(429);
        assertThat(http.get("/api/products", "X-Forwarded-For", "2001:db8:1:3::1")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void countsAUserAcrossAddresses() {
        var http = gateway.http();
        var ana = "Bearer " + TestIdentity.token("ana-of-limits", "customer");
        for (var i = 0; i < 5; i++) {
            assertThat(http.get("/api/products", "X-Forwarded-For", "203.0.113.2" + i, "Authorization", ana)
                            .status())
                    .isEqualTo(200);
        }

        assertThat(http.get("/api/products", "X-Forwarded-For", "203.0.113.29", "Authorization", ana)
                        .status())
                .isEqualTo(429);
        var bruno = "Bearer " + TestIdentity.token("bruno-of-limits", "customer");
        assertThat(http.get("/api/products", "X-Forwarded-For", "203.0.113.29", "Authorization", bruno)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void countsTheAddressForAnUnverifiedToken() {
        var http = gateway.http();
        for (var i = 0; i < 5; i++) {
            var forged = TestIdentity.foreign("mallory-" + i, "customer");
            http.get("/api/products", "X-Forwarded-For", "203.0.113.40", "Authorization", "Bearer " + forged);
        }

        assertThat(http.get(
                                "/api/products",
                                "X-Forwarded-For",
                                "203.0.113.40",
                                "Authorization",
                                "Bearer " + TestIdentity.foreign("mallory-else", "customer"))
                        .status())
                .isEqualTo(429);
    }

    @Test
    void limitsAnAddressAcrossUsers() {
        var http = gateway.http();
        var statuses = new ArrayList<Integer>();
        for (var i = 0; i < 25; i++) {
            statuses.add(http.get(
                            "/api/products",
                            "X-Forwarded-For",
                            "203.0.113.50",
                            "Authorization",
                            "Bearer " + TestIdentity.token("flood-" + i, "customer"))
                    .status());
        }

        assertThat(statuses.subList(0, 20)).containsOnly(200);
        assertThat(statuses.subList(20, 25)).containsOnly(429);
    }

    @Test
    void returns400ForForwardedClientThatIsNoAddress() {
        for (var client : List.of("unknown", "203.0.113.7:4711", "x:1", "[2001:db8::1]:80", "a".repeat(200))) {
            for (var path : List.of("/api/products", "/login", "/id/login")) {
                var rejected = gateway.http().get(path, "X-Forwarded-For", client);
                assertThat(rejected.status()).as(path + " of " + client).isEqualTo(400);
            }
        }
    }

    @Test
    void countsSignInsAcrossReplicas() {
        for (var i = 0; i < 4; i++) {
            var http = (i % 2 == 0 ? gateway : replica).http();
            assertThat(http.post("/id/login", "x=y", "X-Forwarded-For", "203.0.113.60")
                            .status())
                    .isEqualTo(200);
        }

        for (var each : new Gateways.Gateway[] {gateway, replica}) {
            var rejected = each.http().post("/id/login", "x=y", "X-Forwarded-For", "203.0.113.60");
            assertThat(rejected.status()).isEqualTo(429);
            assertThat(rejected.header("RateLimit-Policy")).contains("\"sign-in\";q=4;w=3600");
            for (var page : new String[] {"/login", "/id/login", "/id/oauth2/authorize?response_type=code"}) {
                assertThat(each.http()
                                .get(page, "X-Forwarded-For", "203.0.113.60")
                                .status())
                        .as(page)
                        .isEqualTo(429);
            }
        }
    }

    @Test
    void countsRegistrationsAcrossReplicas() {
        assertThat(gateway.http()
                        .post("/api/users", "{}", "X-Forwarded-For", "203.0.113.70")
                        .status())
                .isEqualTo(200);
        assertThat(replica.http()
                        .post("/api/users", "{}", "X-Forwarded-For", "203.0.113.70")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.http()
                        .post("/api/users", "{}", "X-Forwarded-For", "203.0.113.70")
                        .status())
                .isEqualTo(429);
    }

    /** With a gateway of its own: it counts alone for some seconds, which would change the results of the others. */
    @Test
    void countsLocallyWithoutTheDatabase() {
        try (var alone = Gateways.start(LIMITS)) {
            alone.with("user-service", backend);
            var jdbc = alone.context().getBean(JdbcClient.class);
            jdbc.sql("alter table rate_limit rename to rate_limit_away").update();
            try {
                for (var status : List.of(200, 200, 200, 200, 429)) {
                    assertThat(alone.http()
                                    .post("/id/login", "x=y", "X-Forwarded-For", "203.0.113.80")
                                    .status())
                            .isEqualTo(status);
                }
            } finally {
                jdbc.sql("alter table rate_limit_away rename to rate_limit").update();
            }
        }
    }
}
