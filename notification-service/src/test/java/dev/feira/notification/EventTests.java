package dev.feira.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feira.notification.domain.Recipients;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.RecoverableDataAccessException;

/** Writes mail about the documented examples of events. */
@NotificationTest
class EventTests {

    private static final String ANA = "c0ffee00-0000-4000-8000-000000000001"; // as in the examples

    @Autowired
    TestMail mail;

    @Autowired
    Recipients recipients;

    @BeforeEach
    void clear() {
        mail.clear();
    }

    private String text(int number) {
        return mail.jdbc()
                .sql("select body from mails order by number offset :number limit 1")
                .param("number", number)
                .query(String.class)
                .single();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order.confirmed.v1",
                "order.rejected.v1",
                "order.shipped.v1",
                "order.cancelled.v1",
                "order.refunded.v1"
            })
    void tellsCustomerAboutOrder(String type) {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");

        mail.handle("1", type, TestMail.example(type));

        var kind = type.replace(".v1", "").replace('.', '_').toUpperCase(java.util.Locale.ROOT);
        assertThat(mail.statuses()).containsExactly(kind + " KEPT");
        assertThat(text(0)).contains("Hello Ana,", "2 × Unwaxed lemons: €4.20", "/orders/0198c0de-5eed-7000");
    }

    @Test
    void writesInTheRecipientsLanguage() {
        mail.registered(ANA, "ana@example.org", "Ana", "pt", "customer");

        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));

        assertThat(text(0)).contains("Olá, Ana:").containsPattern("2 × Limões sem cera: 4,20\\h€");
    }

    @Test
    void saysWhyOrderWasRejected() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");

        mail.handle("1", "order.rejected.v1", TestMail.example("order.rejected.v1"));

        assertThat(text(0)).containsPattern("We are sorry: (a product|your card|the payment)");
    }

    @Test
    void writesOneMailForAnEventThatComesTwice() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");

        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));
        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));
        mail.handle("2", "order.shipped.v1", TestMail.example("order.shipped.v1"));

        assertThat(mail.statuses()).containsExactly("ORDER_CONFIRMED KEPT", "ORDER_SHIPPED KEPT");
    }

    /** The inbox tries it again, until the account's own event has come. */
    @Test
    void rejectsEventOfAnUnknownCustomer() {
        mail.registered("other", "other@example.org", "Other", "en", "customer");

        assertThatThrownBy(() -> mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1")))
                .hasMessageContaining("account " + ANA + " is unknown");
        assertThat(mail.statuses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "{\"orderId\": \"1\"}", "{\"orderId\": \"1\", \"customerId\": \"" + ANA + "\"}"})
    void rejectsDataThatDoesNotFit(String data) {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");

        assertThatThrownBy(() -> mail.handle("1", "order.confirmed.v1", data)).isInstanceOf(RuntimeException.class);
        assertThat(mail.statuses()).isEmpty();
    }

    @Test
    void rejectsUnknownReasonOfRejection() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        var data = TestMail.example("order.rejected.v1")
                .replaceFirst("\"rejection\": \"[A-Z_]+\"", "\"rejection\": \"MOON\"");

        assertThatThrownBy(() -> mail.handle("1", "order.rejected.v1", data)).hasMessageContaining("rejection.MOON");
    }

    /** The inbox waits, instead of parking the events of a platform that adds this service before the feed of accounts. */
    @Test
    void waitsWhileNoAccountIsKnown() {
        assertThatThrownBy(() -> mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1")))
                .isInstanceOf(RecoverableDataAccessException.class);
    }

    private static String request(String reason) {
        return """
                {"userId": "%s", "email": "ana@example.org", "link": "https://shop.example/id/x?token=abc",
                 "expiresAt": "2026-12-01T10:30:00Z", "reason": "%s"}""".formatted(ANA, reason);
    }

    @Test
    void sendsLinksOfAccounts() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");

        mail.handle("1", "user.verification-requested.v1", request("REGISTERED"));
        mail.handle("2", "user.verification-requested.v1", request("REQUESTED"));
        mail.handle("3", "user.password-reset-requested.v1", request("none"));
        mail.handle("4", "user.password-changed.v1", request("RESET"));

        assertThat(mail.statuses())
                .containsExactly("WELCOME KEPT", "VERIFICATION KEPT", "PASSWORD_RESET KEPT", "PASSWORD_CHANGED KEPT");
        assertThat(text(0)).contains("https://shop.example/id/x?token=abc", "1 December 2026", "10:30 UTC");
        assertThat(text(2)).contains("https://shop.example/id/x?token=abc");
        assertThat(text(3)).contains("/id/password-reset");
    }

    @Test
    void asksBothAddressesBeforeAChangeAndTellsBothAfterIt() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");

        mail.handle("1", "user.email-change-requested.v1", """
                {"userId": "%s", "email": "ana@example.org", "newEmail": "nova@example.org", "link": "https://shop.example/1",
                 "newEmailLink": "https://shop.example/2", "expiresAt": "2026-12-01T10:30:00Z"}""".formatted(ANA));
        mail.handle("2", "user.email-changed.v1", """
                {"userId": "%s", "previousEmail": "ana@example.org", "email": "nova@example.org"}""".formatted(ANA));

        assertThat(mail.jdbc()
                        .sql("select kind || ' ' || recipient from mails order by number")
                        .query(String.class)
                        .list())
                .containsExactly(
                        "EMAIL_CHANGE ana@example.org",
                        "NEW_EMAIL nova@example.org",
                        "EMAIL_CHANGED ana@example.org",
                        "EMAIL_CHANGED nova@example.org");
        assertThat(text(0)).contains("https://shop.example/1").doesNotContain("https://shop.example/2");
        assertThat(text(1)).contains("https://shop.example/2").doesNotContain("https://shop.example/1");
    }

    @Test
    void tellsStaffAboutLowStock() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        mail.registered("s1", "sofia@example.org", "Sofia", "pt", "customer", "staff");

        mail.handle("1", "stock.low.v1", """
                {"sku": "FRU-LEMON", "name": {"en": "Lemons", "pt": "Limões"}, "available": 3, "reorderLevel": 5}""");

        assertThat(mail.statuses()).containsExactly("STOCK_LOW KEPT");
        assertThat(text(0)).contains("Unidades disponíveis de Limões (FRU-LEMON): 3", "/products/FRU-LEMON");
    }

    @Test
    void forgetsErasedPersonAndWritesNothingMore() {
        mail.registered(ANA, "ana@example.org", "Ana Forget", "en", "customer");
        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));

        mail.handle("2", "user.erased.v1", "{\"userId\": \"%s\"}".formatted(ANA));
        mail.handle("3", "user.changed.v1", TestMail.account(ANA, "ana@example.org", "Ana Forget", "en", "customer"));
        mail.handle("4", "order.shipped.v1", TestMail.example("order.shipped.v1"));

        assertThat(mail.statuses()).containsExactly("ORDER_CONFIRMED ERASED", "ORDER_SHIPPED ERASED");
        for (var table : List.of("mails", "recipients")) {
            assertThat(mail.jdbc()
                            .sql("select coalesce(string_agg(cast(t as text), ' '), '') from " + table + " t")
                            .query(String.class)
                            .single())
                    .doesNotContain("ana@example.org")
                    .doesNotContain("Forget")
                    .doesNotContain("Hello");
        }
    }

    /** Without the lock, mail that is being written would outlive the erasure. */
    @Test
    void erasureWaitsForMailThatIsBeingWritten() throws Exception {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        var erasure = new CompletableFuture<?>[1];

        mail.transactions().executeWithoutResult(_ -> {
            recipients.find(ANA);
            erasure[0] = CompletableFuture.runAsync(
                    () -> mail.handle("2", "user.erased.v1", "{\"userId\": \"%s\"}".formatted(ANA)));
            await().until(() -> mail.jdbc()
                            .sql(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
                            .query(Integer.class)
                            .single()
                    > 0);
            mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));
        });
        erasure[0].get();

        assertThat(mail.statuses()).containsExactly("ORDER_CONFIRMED ERASED");
    }
}
