package dev.feira.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.servlet.OAuth2ClientWebSecurityAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Signs in by Spring Security's own client as Spring Boot configures it from an issuer, a client id and a secret. */
class SpringClientTests {

    private static final String SECRET = "spring-secret-for-tests-0123456789a";

    /** No stereotype: user-service's component scan must not find it. */
    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        SecurityAutoConfiguration.class,
        ServletWebSecurityAutoConfiguration.class,
        SecurityFilterAutoConfiguration.class,
        OAuth2ClientAutoConfiguration.class,
        OAuth2ClientWebSecurityAutoConfiguration.class
    })
    static class Shop {

        @Bean
        RouterFunction<ServerResponse> me() {
            return RouterFunctions.route()
                    .GET(
                            "/me",
                            request -> ServerResponse.ok()
                                    .body(request.principal()
                                            .map(OAuth2AuthenticationToken.class::cast)
                                            .map(token -> token.getPrincipal().getAttribute("email") + " "
                                                    + token.getPrincipal().getAttribute("name"))
                                            .orElse("anonymous")))
                    .build();
        }
    }

    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();

    private static ConfigurableApplicationContext shop(int port, String issuer) {
        var client = "--spring.security.oauth2.client.";
        return new SpringApplicationBuilder(Shop.class)
                .run(
                        "--spring.config.name=another-application",
                        "--server.port=" + port,
                        "--server.servlet.session.cookie.name=SHOP",
                        client + "registration.feira.client-id=spring",
                        client + "registration.feira.client-secret=" + SECRET,
                        client + "registration.feira.scope=openid,profile,email",
                        client + "provider.feira.issuer-uri=" + issuer);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return browser.send(request.header("Accept", "text/html").build(), BodyHandlers.ofString());
    }

    @Test
    void signsInWithDefaultSettings() throws IOException, InterruptedException {
        var providerUrl = "http://localhost:" + freePort();
        var shopUrl = "http://127.0.0.1:" + freePort();
        var registration = "feira.provider.clients.spring.";
        try (var provider = TestProvider.start(
                        PostgresConfiguration.freshDatabase(),
                        "server.port=" + URI.create(providerUrl).getPort(),
                        "feira.public-url=" + providerUrl,
                        registration + "name=Another application",
                        registration + "confidential=true",
                        registration + "secret=" + SECRET,
                        registration + "grants=authorization_code,refresh_token",
                        registration + "redirect-uris=" + shopUrl + "/login/oauth2/code/feira",
                        registration + "scopes=openid,profile,email");
                var shop = shop(URI.create(shopUrl).getPort(), providerUrl + "/id")) {
            assertThat(shop.isRunning()).isTrue();
            var signIn = send(HttpRequest.newBuilder(URI.create(shopUrl + "/me")));
            assertThat(signIn.uri().toString()).isEqualTo(providerUrl + "/id/login");

            var page = send(HttpRequest.newBuilder(URI.create(provider.url() + "/id/login"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(TestProvider.encoded(Map.of(
                            "email", TestProvider.ANA,
                            "password", TestProvider.DEMO_PASSWORD,
                            "_csrf", Browser.csrf(signIn))))));

            assertThat(page.uri().toString()).startsWith(shopUrl + "/me");
            assertThat(page.body()).startsWith(TestProvider.ANA + " Ana");
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
