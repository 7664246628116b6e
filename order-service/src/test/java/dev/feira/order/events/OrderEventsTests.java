package dev.feira.order.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.order.domain.Orders;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Reads the feed as another service does, and compares it with the documented schemas. */
class OrderEventsTests {

    private static final Path DOCUMENTS = Path.of("..", "docs", "events");
    private static final String BASE = "https://feira.example/events/";
    private static TestEnvironment environment;
    private static Replica shop;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 1000);
        shop = environment.start();
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    private static List<JsonNode> eventsOf(UUID order) {
        var events = new ArrayList<JsonNode>();
        var position = "";
        while (true) {
            var response =
                    shop.get("/feeds/orders?after=" + position, TestIdentity.serviceToken("reader", "feeds.orders"));
            if (response.status() == 204) {
                return events;
            }
            assertThat(response.status()).as(response.body()).isEqualTo(200);
            for (var event : response.json()) {
                position = event.get("position").asString();
                if (event.get("subject").asString().equals(order.toString())) {
                    events.add(event);
                }
            }
        }
    }

    private static List<String> typesOf(UUID order) {
        return eventsOf(order).stream()
                .map(event -> event.get("type").asString())
                .toList();
    }

    private static void awaitTypes(UUID order, String... types) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(typesOf(order)).containsExactly(types));
    }

    private static void advance(UUID order, String step) {
        assertThat(shop.post("/orders/" + order + "/" + step, TestIdentity.token("sofia", "staff"), "")
                        .status())
                .isEqualTo(200);
    }

    private static String problemsOf(JsonNode event) throws IOException {
        return problems(event.get("type").asString(), event.get("data").toString());
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

    /** Without the advisory lock, PostgreSQL may number a waiting transaction before another one that gets the row first. */
    @RepeatedTest(3)
    void keepsOrderOfParallelChanges() throws Exception {
        var order = shop.placed("ana", "A-1", 1, "tok_good");
        awaitTypes(order, "order.confirmed.v1");
        var transactions = new TransactionTemplate(shop.bean(PlatformTransactionManager.class));
        var changes = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = IntStream.range(0, 16)
                    .<Callable<Boolean>>mapToObj(_ -> () -> transactions.execute(_ -> change(order, changes)))
                    .toList();
            for (var result : threads.invokeAll(results)) {
                assertThat(result.get()).isTrue();
            }
        }

        assertThat(eventsOf(order).stream()
                        .skip(1)
                        .map(event -> event.get("data").get("change").asInt())
                        .toList())
                .isEqualTo(IntStream.range(0, 16).boxed().toList());
    }

    private static boolean change(UUID order, AtomicInteger changes) {
        shop.bean(Orders.class).lock(order);
        shop.bean(JdbcClient.class)
                .sql("update orders set updated_at = updated_at where id = :id")
                .param("id", order)
                .update();
        shop.bean(Outbox.class)
                .append(new OutboxEvent(
                        "order",
                        order.toString(),
                        "order.changed.v1",
                        Map.of("change", changes.getAndIncrement()),
                        Instant.now()));
        return true;
    }

    @Test
    void tellsWhatHappensToOrderInItsOrder() throws IOException {
        var order = shop.placed("ana", "A-1", 2, "tok_good");
        awaitTypes(order, "order.confirmed.v1");
        advance(order, "shipment");
        advance(order, "delivery");
        advance(order, "return");

        awaitTypes(
                order,
                "order.confirmed.v1",
                "order.shipped.v1",
                "order.delivered.v1",
                "order.returned.v1",
                "order.refunded.v1");
        for (var event : eventsOf(order)) {
            assertThat(problemsOf(event)).as(event.toString()).isEqualTo("[]");
            assertThat(problems("cloudevent", event.toString())).isEqualTo("[]");
            assertThat(event.get("source").asString()).isEqualTo("/feeds/orders");
            assertThat(event.get("traceparent").asString()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]");
        }
    }

    @Test
    void tellsWhyOrderIsRejected() throws IOException {
        var order = shop.placed("ana", "A-1", 1, "tok_declines");

        awaitTypes(order, "order.rejected.v1");
        var event = eventsOf(order).getFirst();
        assertThat(problemsOf(event)).isEqualTo("[]");
        assertThat(event.get("data").get("rejection").asString()).isEqualTo("PAYMENT_DECLINED");
    }

    @Test
    void tellsThatCancelledOrderWasConfirmed() throws IOException {
        var order = shop.placed("ana", "A-1", 1, "tok_good");
        awaitTypes(order, "order.confirmed.v1");
        shop.cancel(order, "ana");

        awaitTypes(order, "order.confirmed.v1", "order.cancelled.v1", "order.refunded.v1");
        var event = eventsOf(order).get(1);
        assertThat(problemsOf(event)).isEqualTo("[]");
        assertThat(event.get("data").get("previousStatus").asString()).isEqualTo("CONFIRMED");
    }

    static Stream<Path> examples() throws IOException {
        try (var files = Files.list(DOCUMENTS)) {
            return files.filter(file -> file.toString().endsWith(".example.json")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void documentsExampleThatFitsItsSchema(Path example) throws IOException {
        var type = example.getFileName().toString().replace(".example.json", "");

        assertThat(problems(type, Files.readString(example))).isEqualTo("[]");
    }

    @Test
    void documentsEachType() throws IOException {
        for (var what : List.of("confirmed", "rejected", "shipped", "delivered", "cancelled", "returned", "refunded")) {
            var type = "order." + what + ".v1";
            assertThat(DOCUMENTS.resolve(type + ".schema.json")).exists();
            assertThat(DOCUMENTS.resolve(type + ".example.json")).exists();
            assertThat(Files.readString(DOCUMENTS.resolve("asyncapi.yaml"))).contains(type);
        }
    }
}
