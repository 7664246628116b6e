package dev.feira.user;

import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;

/** Reads the feed as another service does, and compares it with the documented schemas. */
class UserEventsTests {

    private static final Path DOCUMENTS = Path.of("..", "docs", "events");
    private static final String BASE = "https://feira.example/events/";

    private final TestProvider provider = TestProvider.shared();

    private static String newEmail() {
        return "person-" + UUID.randomUUID() + "@feira.example";
    }

    private static String problems(String type, String data) throws IOException {
        var schemas = new HashMap<String, String>();
        try (var files = Files.newDirectoryStream(DOCUMENTS, "*.schema.json")) {
            for (var file : files) {
                schemas.put(BASE + file.getFileName(), Files.readString(file));
            }
        }
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(schemas))
                .getSchema(SchemaLocation.of(BASE + type + ".schema.json"))
                .validate(data, InputFormat.JSON)
                .toString();
    }

    private static void assertFits(List<JsonNode> events) throws IOException {
        for (var event : events) {
            assertThat(problems("cloudevent", event.toString())).isEqualTo("[]");
            assertThat(problems(
                            event.get("type").stringValue(), event.get("data").toString()))
                    .as(event.toString())
                    .isEqualTo("[]");
            assertThat(event.get("source").stringValue()).isEqualTo("/feeds/users");
            assertThat(event.get("data").get("userId").stringValue())
                    .isEqualTo(event.get("subject").stringValue());
        }
    }

    private void change(UUID user, String email) {
        var token = provider.signIn(email).access();
        provider.send("PATCH", "/id/users/me", token, "{\"name\": \"Nova\", \"locale\": \"pt\"}");
        var roles = "/id/users/" + user + "/roles";
        var admin = provider.signIn(TestProvider.ADMIN).access();
        provider.send("PUT", roles, admin, "{\"roles\": [\"staff\", \"customer\"]}");
        var password = TestProvider.JSON.writeValueAsString(
                Map.of("currentPassword", TestProvider.PASSWORD, "newPassword", "eight green apples"));
        assertThat(provider.send("PUT", "/id/users/me/password", token, password)
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void tellsWhatHappensToAccountInItsOrder() throws IOException {
        var email = newEmail();
        var user = provider.registerVerified(email);
        change(user, email);

        provider.awaitEvents(
                user,
                "user.registered.v1",
                "user.verification-requested.v1",
                "user.changed.v1",
                "user.changed.v1",
                "user.changed.v1",
                "user.password-changed.v1");
        var events = provider.eventsOf(user);
        assertFits(events);
        assertThat(events.get(0).get("data").get("emailVerified").booleanValue())
                .isFalse();
        assertThat(events.get(2).get("data").get("emailVerified").booleanValue())
                .isTrue();
        assertThat(events.get(4).get("data").toString()).isEqualTo("""
                        {"demo":false,"name":"Nova","email":"%s","roles":["CUSTOMER","STAFF"],"locale":"pt",\
                        "userId":"%s","emailVerified":true}""", email, user);
        assertThat(events.get(5).get("data").get("reason").stringValue()).isEqualTo("CHANGED");
    }

    @Test
    void tellsOfDemonstrationAccountsWithoutVerification() throws IOException {
        var ana = UUID.fromString(json(provider.get(
                        "/id/users/me", provider.signIn(TestProvider.ANA).access()))
                .get("id")
                .stringValue());

        Await.until(() -> !provider.eventsOf(ana).isEmpty());
        var events = provider.eventsOf(ana);
        assertFits(events);
        assertThat(provider.typesOf(ana))
                .startsWith("user.registered.v1")
                .doesNotContain("user.verification-requested.v1");
        assertThat(events.getFirst().get("data").get("demo").booleanValue()).isTrue();
        assertThat(events.getFirst().get("data").get("emailVerified").booleanValue())
                .isTrue();
    }

    /** A transaction gets its place in the feed by its first write: each must lock the account before. */
    @RepeatedTest(3)
    void endsWithTheLastStateAfterParallelChanges() throws Exception {
        var email = newEmail();
        var user = provider.register(email);
        var token = provider.signIn(email).access();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var changes = IntStream.range(0, 16)
                    .<Callable<Integer>>mapToObj(number ->
                            () -> provider.send("PATCH", "/id/users/me", token, "{\"name\": \"Name " + number + "\"}")
                                    .statusCode())
                    .toList();
            for (var change : threads.invokeAll(changes)) {
                assertThat(change.get()).isEqualTo(200);
            }
        }

        Await.until(() -> provider.eventsOf(user).size() == 18);
        var name = json(provider.get("/id/users/me", token)).get("name").stringValue();
        assertThat(provider.eventsOf(user).getLast().get("data").get("name").stringValue())
                .isEqualTo(name);
    }

    @Test
    void storesNoEventForRegistrationThatFails() {
        var email = newEmail();
        provider.register(email);
        var body = TestProvider.JSON.writeValueAsString(
                Map.of("email", email, "password", TestProvider.PASSWORD, "name", "Another"));

        assertThat(provider.send("POST", "/id/users", null, body).statusCode()).isEqualTo(409);

        var events = provider.jdbc()
                .sql("select count(*) from outbox where type = 'user.registered.v1' and payload ->> 'email' = :email")
                .param("email", email)
                .query(Integer.class)
                .single();
        assertThat(events).isEqualTo(1);
    }

    @Test
    void tellsOfAccountsBeforeTheFeedInTheSameForm() throws IOException {
        try (var fresh = TestProvider.start(PostgresConfiguration.freshDatabase())) {
            var email = newEmail();
            change(fresh, fresh.registerVerified(email), email);
            var sent = latestStates(fresh);
            var epochs = "select count(*) from outbox_epochs";
            fresh.jdbc().sql("delete from outbox").update();

            fresh.jdbc()
                    .sql(new ClassPathResource("db/migration/V7__events_of_accounts.sql")
                            .getContentAsString(StandardCharsets.UTF_8))
                    .update();

            assertThat(latestStates(fresh)).isEqualTo(sent).hasSize(5);
            assertThat(fresh.jdbc().sql(epochs).query(Integer.class).single())
                    .as("the same epoch as that of the library")
                    .isEqualTo(1);
        }
    }

    /** Both versions run during a rollout. */
    @Test
    void tellsWhatTheVersionBeforeStores() throws IOException {
        var user = UUID.randomUUID();
        provider.jdbc().sql("""
                        insert into users (id, email, name, password_hash, roles, locale, demo, created_at, updated_at, version)
                        values (:id, :email, 'Before', 'x', '{STAFF,CUSTOMER}', 'en', false, now(), now(), 0)""").param("id", user).param("email", newEmail()).update();
        var update = "update users set name = :name, version = version + 1 where id = :id";
        for (var name : List.of("After", "After")) {
            provider.jdbc().sql(update).param("name", name).param("id", user).update();
        }

        provider.awaitEvents(user, "user.registered.v1", "user.changed.v1");
        assertFits(provider.eventsOf(user));
        assertThat(provider.eventsOf(user).getLast().get("data").get("name").stringValue())
                .isEqualTo("After");
    }

    private static void change(TestProvider fresh, UUID user, String email) {
        var admin = fresh.signIn(TestProvider.ADMIN).access();
        var roles = "/id/users/" + user + "/roles";
        assertThat(fresh.send("PUT", roles, admin, "{\"roles\": [\"admin\", \"staff\", \"customer\"]}")
                        .statusCode())
                .isEqualTo(200);
        fresh.send("PATCH", "/id/users/me", fresh.signIn(email).access(), "{\"name\": \"Nuño \\\"N\\\"\"}");
    }

    private static Map<String, String> latestStates(TestProvider fresh) {
        var states = new HashMap<String, String>();
        fresh.jdbc()
                .sql("""
                        select aggregateid, payload::text as payload from outbox
                         where type in ('user.registered.v1', 'user.changed.v1') order by number""")
                .query((row, _) -> Map.entry(row.getString("aggregateid"), row.getString("payload")))
                .list()
                .forEach(state -> states.put(state.getKey(), state.getValue()));
        return states;
    }

    static Stream<Path> examples() throws IOException {
        try (var files = Files.list(DOCUMENTS)) {
            return files
                    .filter(file -> file.getFileName().toString().matches("user\\..*\\.example\\.json"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void documentsExampleThatFitsItsSchema(Path example) throws IOException {
        var type = example.getFileName().toString().replace(".example.json", "");

        assertThat(problems(type, Files.readString(example))).isEqualTo("[]");
        assertThat(problems(type, "{}")).isNotEqualTo("[]");
    }

    @Test
    void documentsEachType() throws IOException {
        for (var what : List.of(
                "registered",
                "changed",
                "verification-requested",
                "password-reset-requested",
                "email-change-requested",
                "email-changed",
                "password-changed",
                "erased")) {
            var type = "user." + what + ".v1";
            assertThat(DOCUMENTS.resolve(type + ".schema.json")).exists();
            assertThat(DOCUMENTS.resolve(type + ".example.json")).exists();
            assertThat(Files.readString(DOCUMENTS.resolve("asyncapi.yaml"))).contains(type);
        }
    }
}
