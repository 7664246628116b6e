package dev.feira.notification;

import com.jayway.jsonpath.JsonPath;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** Passes events to the service, as its inbox does, and sends requests. */
public record TestMail(String url, JdbcClient jdbc, List<EventHandler> handlers, TransactionOperations transactions) {

    public static final String ANYONE = "";
    public static final String CUSTOMER = TestIdentity.token("c0ffee00-0000-4000-8000-000000000001", "customer");
    public static final String STAFF = TestIdentity.token("c0ffee00-0000-4000-8000-000000000002", "staff");
    public static final String ADMIN = TestIdentity.token("c0ffee00-0000-4000-8000-000000000003", "admin");
    public static final String SERVICE = TestIdentity.serviceToken("order-service", "feeds.users");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A response. */
    public record Reply(int status, HttpResponse<String> response) {

        public String body() {
            return response.body();
        }

        public <T> T at(String path) {
            return JsonPath.read(response.body(), path);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /** Returns the last part of the problem's type. */
        public String problem() {
            return this.<String>at("$.type").substring("urn:feira:problem:".length());
        }

        @Override
        public String toString() {
            return status + " " + response.body();
        }
    }

    public Reply send(String method, String token, String path) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Reply get(String token, String path) {
        return send("GET", token, path);
    }

    public void clear() {
        jdbc.sql("truncate mails, recipients, received_events, deferred_events").update();
    }

    /** Passes an event of now to its handler in a transaction. */
    public void handle(String id, String type, String data) {
        handle(id, type, Instant.now(), data);
    }

    public void handle(String id, String type, Instant at, String data) {
        var handler = handlers.stream()
                .filter(it -> it.types().contains(type))
                .findFirst()
                .orElseThrow();
        transactions.executeWithoutResult(_ -> handler.handle(new CloudEvent(
                "1.0",
                id,
                "/feeds/" + handler.feed(),
                type,
                "subject",
                at,
                "application/json",
                null,
                "p",
                JSON.readTree(data))));
    }

    public void registered(String userId, String email, String name, String locale, String... roles) {
        handle("r-" + userId, "user.registered.v1", account(userId, email, name, locale, roles));
    }

    public static String account(String userId, String email, String name, String locale, String... roles) {
        return """
                {"userId": "%s", "email": "%s", "emailVerified": false, "name": "%s", "locale": "%s",
                 "roles": ["%s"], "demo": false}""".formatted(userId, email, name, locale, String.join("\", \"", roles));
    }

    /** Returns the documented example of a type, with other values. */
    public static String example(String type, String... replacements) {
        try {
            var text = Files.readString(Path.of("..", "docs", "events", type + ".example.json"));
            for (var i = 0; i < replacements.length; i += 2) {
                text = text.replace(replacements[i], replacements[i + 1]);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> statuses() {
        return jdbc.sql("select kind || ' ' || status from mails order by number")
                .query(String.class)
                .list();
    }
}
