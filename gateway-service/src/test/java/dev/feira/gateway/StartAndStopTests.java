package dev.feira.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/** How a gateway starts, fails to start, and stops. */
class StartAndStopTests {

    @Test
    void completesRequestsUnderWayBeforeStopping() {
        try (var orders = new Backend()) {
            orders.that(orders.respondingAfter(800));
            // this is not about deadlines, and a gateway that has just started is slow
            var gateway = Gateways.start("Deadline.checkout=10s");
            gateway.with("order-service", orders);
            gateway.http().get("/session");

            var reply = CompletableFuture.supplyAsync(() -> gateway.http().get("/api/orders"));
            await().atMost(Duration.ofSeconds(5)).until(() -> orders.seen().size() == 1);
            gateway.close();

            assertThat(reply).isCompletedWithValueMatching(response -> response.status() == 200);
        }
    }

    @Test
    void failsToStartWithoutItsSecret() {
        assertThatThrownBy(() -> Gateways.start("feira.gateway.login.client-secret="))
                .hasStackTraceContaining("FEIRA_GATEWAY_CLIENT_SECRET");
    }

    @Test
    void setsSecureCookiesAndHstsBehindHttps() {
        try (var gateway = Gateways.start(
                "feira.public-url=https://feira.example",
                "feira.identity.issuer=https://feira.example/id",
                "feira.gateway.payment-simulator.enabled=false")) {
            var browser = gateway.http().browser();
            var login = browser.get("/login");

            assertThat(login.header("Set-Cookie").orElseThrow()).contains("FEIRA_SESSION=", "Secure");
            assertThat(login.header("Location").orElseThrow()).startsWith("https://feira.example/id/oauth2/authorize?");
            assertThat(browser.get("/session").header("Set-Cookie").orElseThrow())
                    .contains("XSRF-TOKEN=", "Secure");
            assertThat(browser.get("/gateway/page.css")
                            .header("Strict-Transport-Security")
                            .orElseThrow())
                    .isEqualTo("max-age=31536000"); // hosts below this one may not have https
            try (var users = new Backend()
                    .that(Backend.responding(200, "{}", "Strict-Transport-Security", "max-age=31536000"))) {
                gateway.with("user-service", users);
                assertThat(browser.get("/id/.well-known/openid-configuration").header("Strict-Transport-Security"))
                        .as("once")
                        .contains("max-age=31536000");
            }
            // and where the payment company is real, no route leads to the simulator
            assertThat(browser.get("/payment-simulator/cards").status()).isEqualTo(404);
            assertThat(browser.get("/payment-simulator/tokens").status()).isEqualTo(404);
        }
    }

    @Test
    void extendsHstsToSubdomainsWhenConfigured() {
        try (var gateway = Gateways.start(
                "feira.public-url=https://feira.example",
                "feira.identity.issuer=https://feira.example/id",
                "feira.hsts.include-sub-domains=true")) {
            assertThat(gateway.http().get("/gateway/page.css").header("Strict-Transport-Security"))
                    .contains("max-age=31536000 ; includeSubDomains");
        }
    }

    @Test
    void startsInAPodWithoutTheApiServerAndIsNotReady() {
        try (var gateway = Gateways.start(
                "spring.main.cloud-platform=kubernetes",
                "spring.cloud.kubernetes.client.master-url=http://127.0.0.1:1",
                "spring.cloud.kubernetes.client.namespace=feira")) {
            var management = new Http("http://localhost:" + gateway.managementPort());

            assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(management.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(gateway.http().get("/gateway/page.css").status()).isEqualTo(200);
            assertThat(gateway.http().get("/api/products").status()).isEqualTo(503);
            assertThat(gateway.context().getBean(DiscoveryClient.class).getInstances("catalog-service"))
                    .isEmpty(); // not those on localhost
        }
    }
}
