package dev.feira.events;

import dev.feira.defaults.security.ServiceSecurity;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A service with an outbox, and in some tests with an inbox. */
public final class TestService implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        SecurityFilterChain api(HttpSecurity http) {
            ServiceSecurity.apply(http);
            http.authorizeHttpRequests(requests -> requests.requestMatchers("/feeds/things")
                    .hasAuthority("SCOPE_feeds.things")
                    .requestMatchers("/parked-events", "/parked-events/**")
                    .hasRole("STAFF")
                    .anyRequest()
                    .denyAll());
            return http.build();
        }
    }

    private TestService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static TestService on(JdbcConnectionDetails database, List<Class<?>> more, String... settings) {
        var sources = new ArrayList<Class<?>>(List.of(Application.class));
        sources.addAll(more);
        var all = new ArrayList<>(List.of(
                "--" + TestIdentity.property(),
                "--spring.datasource.url=" + database.getJdbcUrl(),
                "--spring.datasource.username=" + database.getUsername(),
                "--spring.datasource.password=" + database.getPassword()));
        for (var setting : settings) {
            all.add("--" + setting);
        }
        return new TestService(
                new SpringApplicationBuilder(sources.toArray(Class[]::new)).run(all.toArray(String[]::new)));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public JdbcClient jdbc() {
        return bean(JdbcClient.class);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(bean(PlatformTransactionManager.class));
    }

    public String url() {
        return "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    public HttpResponse<String> feed(String query) {
        return feedAs("reader", query).join();
    }

    public CompletableFuture<HttpResponse<String>> feedAs(String consumer, String query) {
        return HTTP.sendAsync(
                request("/feeds/things" + query, TestIdentity.serviceToken(consumer, "feeds.things"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String method, String path, String token)
            throws IOException, InterruptedException {
        return HTTP.send(
                request(path, token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(URI.create(url() + path)).header("Authorization", "Bearer " + token);
    }

    public List<CloudEvent> events(String query) {
        var response = feed(query);
        return response.statusCode() == 204
                ? List.of()
                : bean(JsonMapper.class).readValue(response.body(), new TypeReference<List<CloudEvent>>() {});
    }

    @Override
    public void close() {
        context.close();
    }
}
