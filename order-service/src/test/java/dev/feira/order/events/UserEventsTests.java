package dev.feira.order.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feira.events.CloudEvent;
import dev.feira.order.domain.ErasedCustomers;
import dev.feira.order.fixtures.OrderClient;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.test.DatabaseDump;
import dev.feira.test.TestIdentity;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Erases customers by the feed of user-service, while their orders are at different points of their path. */
class UserEventsTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static TestEnvironment environment;
    private static Replica shop;

    private String customer;
    private String name;
    private String street;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 1000);
        shop = environment.start("feira.orders.saga.sweep-interval=1h"); // each test shows what is done without it
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    @BeforeEach
    void comeNewCustomer() {
        customer = UUID.randomUUID().toString();
        name = "Mécia Sá " + customer.substring(0, 8);
        street = "Travessa da Fé " + customer.substring(9, 13);
    }

    private OrderClient.Response place(String card, String key) {
        var body = OrderClient.order("A-1", 1, card)
                .replace("Ana Sá", name)
                .replace("Rua da Feira 1", street)
                .replace("4000-001", "4999-" + customer.substring(0, 8))
                .replace("Porto", "Vila " + customer.substring(0, 8));
        return shop.post("/orders", TestIdentity.token(customer, "customer"), body, "Idempotency-Key", key);
    }

    private UUID placed(String card) {
        var response = place(card, UUID.randomUUID().toString());
        assertThat(response.status()).as(response.body()).isEqualTo(201);
        return response.id();
    }

    private UUID ended(String card, String status) {
        var id = placed(card);
        awaitStatus(id, status);
        return id;
    }

    private static void awaitStatus(UUID order, String status) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(shop.order(order).text("status")).isEqualTo(status));
    }

    private static OrderClient.Response advance(UUID order, String step) {
        var response = shop.post("/orders/" + order + "/" + step, TestIdentity.token("sofia", "staff"), "");
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return response;
    }

    private void erase() {
        environment.identity.erases(customer);
        awaitErased();
    }

    private void awaitErased() {
        await().atMost(LIMIT)
                .until(() -> jdbc().sql("select exists (select from erased_customers where customer_id = :id)")
                        .param("id", customer)
                        .query(Boolean.class)
                        .single());
    }

    private static JdbcClient jdbc() {
        return shop.bean(JdbcClient.class);
    }

    private void assertPersonInNoTable() {
        assertThat(DatabaseDump.of(jdbc()))
                .doesNotContain(name, street, "4999-" + customer.substring(0, 8), "Vila " + customer.substring(0, 8));
    }

    private static void assertAnonymous(OrderClient.Response order) {
        assertThat(order.json().get("deliveryAddress")).isEqualTo(JSON.readTree("""
                {"name": "", "street": "", "postalCode": "", "city": "", "country": "PT"}"""));
    }

    @Test
    void removesPersonFromEndedOrdersAndKeepsTheBooks() {
        var rejected = ended("tok_declines", "REJECTED");
        var delivered = ended("tok_good", "CONFIRMED");
        advance(delivered, "shipment");
        var before = advance(delivered, "delivery");
        assertThat(DatabaseDump.of(jdbc())).contains(name, street);

        erase();

        assertPersonInNoTable();
        assertAnonymous(shop.order(rejected));
        var after = shop.order(delivered);
        assertAnonymous(after);
        for (var kept : new String[] {"customerId", "status", "lines", "totals", "payment", "timeline"}) {
            assertThat(after.json().get(kept)).as(kept).isEqualTo(before.json().get(kept));
        }
        shop.awaitBalanced();
    }

    @Test
    void sendsAnonymousOrderToClientThatKnowsTheOneBefore() {
        var id = ended("tok_declines", "REJECTED");
        var known = shop.order(id).header("ETag");

        erase();

        var staff = TestIdentity.token("sofia", "staff");
        assertThat(shop.get("/orders/" + id, staff, "If-None-Match", known).status())
                .isEqualTo(200);
    }

    @Test
    void keepsAddressUntilOrderIsDelivered() {
        var id = ended("tok_good", "CONFIRMED");

        erase();

        assertThat(advance(id, "shipment").body()).contains(name, street);
        assertAnonymous(advance(id, "delivery"));
        assertPersonInNoTable();
        assertAnonymous(advance(id, "return"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                shop.order(id).json().at("/payment/status").asString())
                        .isEqualTo("REFUNDED"));
        shop.awaitBalanced();
    }

    @Test
    void removesPersonWhenSagaRejectsOrder() {
        var id = placed("tok_later");
        await().atMost(LIMIT)
                .until(() ->
                        shop.order(id).json().at("/payment/status").asString().equals("PENDING"));

        erase();
        assertThat(shop.order(id).body()).contains(name, street);
        environment.payments.settles(id, false);

        awaitStatus(id, "REJECTED");
        assertAnonymous(shop.order(id));
        assertPersonInNoTable();
        shop.awaitBalanced();
    }

    @Test
    void removesPersonWhenOrderInItsSagaIsCancelled() {
        var id = placed("tok_later");

        erase();

        assertAnonymous(shop.cancel(id, customer));
        assertPersonInNoTable();
        shop.awaitBalanced();
    }

    @Test
    void removesPersonFromOrderThatIsPlacedAfterTheErasure() {
        erase();

        var id = ended("tok_good", "CONFIRMED");
        assertThat(shop.order(id).body()).contains(name);
        advance(id, "shipment");
        advance(id, "delivery");

        assertPersonInNoTable();
    }

    @Test
    void returnsSameOrderForRepeatedKeyAfterTheErasure() {
        var key = UUID.randomUUID().toString();
        var id = place("tok_declines", key).id();
        awaitStatus(id, "REJECTED");

        erase();
        var repeated = place("tok_declines", key);

        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.id()).isEqualTo(id);
        assertAnonymous(repeated);
        assertPersonInNoTable();
    }

    @Test
    void erasesOnceWhenEventsAreRepeated() {
        var id = ended("tok_declines", "REJECTED");
        var event = environment.identity.erases(customer);
        environment.identity.users.repeat(event);
        environment.identity.erases(customer); // of another request

        erase();
        var version = shop.order(id).header("ETag");
        environment.identity.erases("somebody-after-" + customer);
        await().atMost(LIMIT)
                .until(() -> DatabaseDump.of(jdbc())
                        .contains("erased_customers {\"customer_id\":\"somebody-after-" + customer));

        assertPersonInNoTable();
        assertThat(shop.order(id).header("ETag")).isEqualTo(version);
    }

    @Test
    void waitsForChangeThatEndsOrderAtTheSameTime() throws Exception {
        var id = ended("tok_good", "CONFIRMED");
        advance(id, "shipment");
        var database = environment.database;
        try (var delivery =
                DriverManager.getConnection(database.getJdbcUrl(), database.getUsername(), database.getPassword())) {
            delivery.setAutoCommit(false);
            deliverWithoutCommit(delivery, id);
            var erasure = CompletableFuture.runAsync(() -> shop.bean(TransactionTemplate.class)
                    .executeWithoutResult(_ -> shop.bean(ErasedCustomers.class).add(customer, Instant.now())));
            await().atMost(LIMIT).until(UserEventsTests::isWaitingForOrders);
            delivery.commit();
            erasure.get(30, TimeUnit.SECONDS);
        }

        assertPersonInNoTable();
    }

    private static void deliverWithoutCommit(Connection connection, UUID id) throws SQLException {
        try (var update = connection.prepareStatement(
                "update orders set status = 'DELIVERED', version = version + 1 where id = ?")) {
            update.setObject(1, id);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private static boolean isWaitingForOrders() {
        return jdbc().sql("""
                        select exists (select from pg_stat_activity
                                        where datname = current_database() and wait_event_type = 'Lock'
                                          and query like '%from orders%for update%')""").query(Boolean.class).single();
    }

    @Test
    void removesPersonFromOrderThatTheVersionBeforeHasEnded() {
        erase();
        var id = ended("tok_good", "CONFIRMED");
        jdbc().sql("update orders set status = 'DELIVERED', version = version + 1 where id = :id")
                .param("id", id)
                .update();

        assertThat(shop.bean(ErasedCustomers.class).anonymiseMissed()).isEqualTo(1);

        assertPersonInNoTable();
        assertThat(shop.bean(ErasedCustomers.class).anonymiseMissed()).isZero();
    }

    @Test
    void completesErasureWhenNoOrderHasAnAddress() {
        var id = ended("tok_good", "CONFIRMED");
        erase();
        jdbc().sql("update erased_customers set erased_at = now() - interval '2 hours' where customer_id = :id")
                .param("id", customer)
                .update();

        shop.bean(ErasedCustomers.class).anonymiseMissed();
        assertThat(isComplete()).isFalse();
        advance(id, "shipment");
        advance(id, "delivery");
        shop.bean(ErasedCustomers.class).anonymiseMissed();

        assertThat(isComplete()).isTrue();
    }

    private boolean isComplete() {
        return jdbc().sql("select complete from erased_customers where customer_id = :id")
                .param("id", customer)
                .query(Boolean.class)
                .single();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"userId\": null}", "{\"userId\": \" \"}", "[]"})
    void rejectsDataThatDoesNotFit(String data) {
        var event = new CloudEvent(
                "1.0",
                "1",
                "/feeds/users",
                "user.erased.v1",
                "user",
                Instant.EPOCH,
                "application/json",
                null,
                "p",
                JSON.readTree(data));

        var transaction = shop.bean(TransactionTemplate.class);
        var events = shop.bean(UserEvents.class);
        assertThatThrownBy(() -> transaction.executeWithoutResult(_ -> events.handle(event)))
                .isInstanceOf(RuntimeException.class);
    }
}
