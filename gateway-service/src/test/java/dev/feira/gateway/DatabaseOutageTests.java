package dev.feira.gateway;

import static dev.feira.gateway.Backend.responding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.test.PostgresConfiguration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests while the gateway's database is down. */
class DatabaseOutageTests {

    private static Wire wire;
    private static Gateways.Gateway gateway;
    private static Backend backend;

    @BeforeAll
    static void start() {
        var database = PostgresConfiguration.freshDatabase();
        var url = URI.create(database.getJdbcUrl().substring("jdbc:".length()));
        wire = new Wire(url.getPort());
        backend = new Backend();
        gateway = Gateways.start(
                "spring.datasource.url=jdbc:postgresql://localhost:%d%s?connectTimeout=1&socketTimeout=2"
                        .formatted(wire.port(), url.getPath()),
                "spring.datasource.username=" + database.getUsername(),
                "spring.datasource.password=" + database.getPassword(),
                "spring.datasource.hikari.connection-timeout=1000",
                "spring.datasource.hikari.validation-timeout=500");
        gateway.with("catalog-service", backend).with("order-service", backend).with("user-service", backend);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
        wire.close();
    }

    @BeforeEach
    void healthy() {
        Gateways.IDENTITY.reset();
        backend.that(responding(200, "{}"));
        gateway.healed();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(gateway.http().get("/login").status()).isEqualTo(302));
    }

    private Http signedIn() {
        var browser = gateway.http().browser();
        var back = Gateways.IDENTITY.approve(
                browser.get("/login").header("Location").orElseThrow(), "ana", "customer");
        assertThat(browser.get(back.getRawPath() + "?" + back.getRawQuery()).status())
                .isEqualTo(302);
        return browser;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "hang"})
    void failsOnlyRequestsWithASessionWhileTheDatabaseIsDown(String loss) {
        var browser = signedIn();
        assertThat(browser.get("/api/orders").status()).isEqualTo(200);
        if (loss.equals("cut")) {
            wire.cut();
        } else {
            wire.hang();
        }
        try {
            var lost = browser.get("/api/orders");
            assertThat(lost.status()).isEqualTo(503);
            assertThat(lost.problem()).isEqualTo("database-unavailable");
            assertThat(lost.header("Retry-After")).isPresent();
            assertThat(browser.get("/session").status()).isEqualTo(503);
            assertThat(browser.get("/login").status()).isEqualTo(503);

            assertThat(browser.get("/api/products").status()).isEqualTo(200);
            assertThat(backend.last().header("Authorization")).isNull();
            var http = gateway.http();
            assertThat(http.get("/api/products").status()).isEqualTo(200);
            assertThat(http.get("/gateway/page.css").status()).isEqualTo(200);
            assertThat(http.post("/api/orders", "{}", "Authorization", "Bearer mine")
                            .status())
                    .isEqualTo(200);
            assertThat(new Http("http://localhost:" + gateway.managementPort())
                            .get("/actuator/health/readiness")
                            .status())
                    .isEqualTo(200);
        } finally {
            wire.mend();
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(browser.get("/session").json().path("authenticated").asBoolean())
                    .isTrue();
            assertThat(browser.get("/api/orders").status()).isEqualTo(200);
        });
        assertThat(backend.last().header("Authorization")).startsWith("Bearer eyJ");
    }

    @Test
    void readsNoSessionWhereNoneIsNeeded() {
        backend.that(responding(200, "{\"openapi\":\"3.1.0\",\"paths\":{}}"));
        var browser = signedIn();
        browser.get("/api/categories");
        wire.hang();
        try {
            for (var path :
                    List.of("/gateway/page.css", "/api/pictures/a.webp", "/api/categories", "/openapi/catalog.json")) {
                var start = System.nanoTime();
                assertThat(browser.get(path).status()).as(path).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).as(path).isLessThan(Duration.ofMillis(900));
            }
        } finally {
            wire.mend();
        }
    }

    @Test
    void failsFastAfterTheFirstRequestsDuringAnOutage() {
        var browser = signedIn();
        wire.hang();
        try {
            for (var i = 0; i < 6; i++) {
                browser.get("/session");
            }
            var start = System.nanoTime();
            assertThat(browser.get("/session").status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
        } finally {
            wire.mend();
        }
    }
}
