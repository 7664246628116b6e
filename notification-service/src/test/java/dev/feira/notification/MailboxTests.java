package dev.feira.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.notification.domain.Mails;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@NotificationTest
class MailboxTests {

    private static final String ANA = "c0ffee00-0000-4000-8000-000000000001";
    private static final String RUI = "c0ffee00-0000-4000-8000-000000000004";
    private static final String RESET = """
            {"userId": "%s", "email": "ana@example.org", "link": "https://shop.example/id/x?token=abc",
             "expiresAt": "2026-12-01T10:30:00Z"}""";

    @Autowired
    TestMail mail;

    @Autowired
    Mails mails;

    @BeforeEach
    void clear() {
        mail.clear();
    }

    @Test
    void listsNewestFirstPageByPage() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        for (var i = 0; i < 5; i++) {
            mail.handle(
                    "e" + i, "order.confirmed.v1", TestMail.example("order.confirmed.v1", "0198c0de", "0198c00" + i));
        }

        var first = mail.get(TestMail.STAFF, "/mails?limit=3");
        var second = mail.get(TestMail.STAFF, "/mails?limit=3&cursor=" + first.at("$.nextCursor"));

        assertThat(first.<List<String>>at("$.items[*].subject"))
                .containsExactly(
                        "Your order 0198c004 is confirmed",
                        "Your order 0198c003 is confirmed",
                        "Your order 0198c002 is confirmed");
        assertThat(second.<List<String>>at("$.items[*].subject")).hasSize(2);
        assertThat(second.<String>at("$.nextCursor")).isNull();
        assertThat(first.body()).doesNotContain("Hello Ana");
        assertThat(mail.get(TestMail.STAFF, "/mails?reference=0198c001-5eed-7000-8000-000000000001")
                        .<List<String>>at("$.items[*].to"))
                .containsExactly("ana@example.org");
        assertThat(mail.get(TestMail.STAFF, "/mails?status=FAILED").<List<String>>at("$.items"))
                .isEmpty();
    }

    @Test
    void opensMailAsTextAndAsDocumentThatRunsNothing() {
        mail.registered(ANA, "ana@example.org", "<script>alert(1)</script>", "en", "customer");
        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));
        String id = mail.get(TestMail.STAFF, "/mails").at("$.items[0].id");

        var opened = mail.get(TestMail.STAFF, "/mails/" + id);
        var html = mail.get(TestMail.STAFF, "/mails/" + id + "/html");

        assertThat(opened.<String>at("$.text")).contains("Thank you for your order");
        assertThat(html.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(html.header("Content-Security-Policy")).contains("default-src 'none'", "sandbox");
        assertThat(html.body()).contains("&lt;script&gt;").doesNotContain("<script");
    }

    @Test
    void listsToUsersTheirOwnMailWithoutItsText() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        mail.registered(RUI, "rui@example.org", "Rui", "pt", "customer");
        mail.handle("1", "user.password-reset-requested.v1", RESET.formatted(ANA));
        mail.handle("2", "user.password-reset-requested.v1", RESET.formatted(RUI));
        mail.handle("3", "user.password-changed.v1", RESET.formatted(ANA));

        var first = mail.get(TestMail.CUSTOMER, "/mails/mine?limit=1");
        var second = mail.get(TestMail.CUSTOMER, "/mails/mine?limit=1&cursor=" + first.at("$.nextCursor"));

        assertThat(first.<List<String>>at("$.items[*].kind")).containsExactly("PASSWORD_CHANGED");
        assertThat(second.<List<String>>at("$.items[*].kind")).containsExactly("PASSWORD_RESET");
        assertThat(second.<List<String>>at("$.items[*].to")).containsExactly("ana@example.org");
        assertThat(second.<List<Boolean>>at("$.items[*].readable")).containsExactly(false);
        assertThat(second.<String>at("$.nextCursor")).isNull();
        assertThat(second.body()).doesNotContain("token=abc");
        assertThat(mail.get(TestMail.STAFF, "/mails/mine").<List<String>>at("$.items"))
                .as("the mail to this member of staff")
                .isEmpty();
    }

    @Test
    void listsToUsersTheirMailAboutOneOrder() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));
        mail.handle("2", "user.password-changed.v1", RESET.formatted(ANA));
        String order = mail.get(TestMail.STAFF, "/mails?limit=100")
                .<List<String>>at("$.items[?(@.kind == 'ORDER_CONFIRMED')].reference")
                .getFirst();

        assertThat(mail.get(TestMail.CUSTOMER, "/mails/mine?reference=" + order).<List<String>>at("$.items[*].kind"))
                .containsExactly("ORDER_CONFIRMED");
        assertThat(mail.get(TestMail.CUSTOMER, "/mails/mine?reference=none").<List<String>>at("$.items"))
                .isEmpty();
    }

    /** Who opens the link acts as the recipient. */
    @ParameterizedTest
    @ValueSource(strings = {"staff", "admin"})
    void opensLinksForStaffToAdministratorsOnly(String role) {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        mail.handle("1", "user.password-reset-requested.v1", RESET.formatted(ANA));
        mail.handle("2", "user.password-changed.v1", RESET.formatted(ANA));
        mail.handle("3", "user.changed.v1", TestMail.account(ANA, "ana@example.org", "Ana", "en", "customer", role));
        List<String> ids = mail.get(TestMail.STAFF, "/mails").at("$.items[*].id");

        assertThat(mail.get(TestMail.STAFF, "/mails/" + ids.get(1)).status()).isEqualTo(403);
        assertThat(mail.get(TestMail.STAFF, "/mails/" + ids.get(1) + "/html").status())
                .isEqualTo(403);
        assertThat(mail.get(TestMail.STAFF, "/mails").<Boolean>at("$.items[1].readable"))
                .isFalse();
        assertThat(mail.get(TestMail.STAFF, "/mails/" + ids.get(0)).status()).isEqualTo(200);
        assertThat(mail.get(TestMail.ADMIN, "/mails/" + ids.get(1)).<String>at("$.text"))
                .contains("token=abc");
    }

    @Test
    void returnsProblems() {
        var missing = mail.get(TestMail.STAFF, "/mails/" + UUID.randomUUID());
        var status = mail.get(TestMail.STAFF, "/mails?status=LOST");
        var cursor = mail.get(TestMail.STAFF, "/mails?cursor=x");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.problem()).isEqualTo("mail-not-found");
        assertThat(status.status()).isEqualTo(400);
        assertThat(status.body()).contains("KEPT", "FAILED");
        assertThat(cursor.status()).isEqualTo(400);
    }

    @Test
    void auditCountsOrdersOfEachKind() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        mail.handle("1", "order.confirmed.v1", TestMail.example("order.confirmed.v1"));
        mail.handle("2", "order.confirmed.v1", TestMail.example("order.confirmed.v1", "0198c0de", "0198c001"));
        mail.handle("3", "order.shipped.v1", TestMail.example("order.shipped.v1"));

        var audit = mail.get(TestMail.STAFF, "/audit");

        assertThat(audit.<Boolean>at("$.balanced")).isTrue();
        assertThat(audit.<Integer>at("$.orders.ORDER_CONFIRMED")).isEqualTo(2);
        assertThat(audit.<Integer>at("$.orders.ORDER_SHIPPED")).isEqualTo(1);
        assertThat(audit.<Integer>at("$.mails.KEPT")).isEqualTo(3);
    }

    /** The audit logs its discrepancies. */
    @Test
    void describesMailWithoutAddressAndText() {
        mail.registered(ANA, "ana@example.org", "Ana", "en", "customer");
        mail.handle("1", "user.password-reset-requested.v1", RESET.formatted(ANA));
        var stored = mails.page(null, null, null, 1).getFirst();

        assertThat(stored.content()).isNotNull();
        assertThat(stored.toString()).doesNotContain("token=abc", "ana@example.org");
        assertThat(stored.content().toString()).doesNotContain("token=abc");
    }
}
