package dev.feira.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.feira.notification.domain.Mails;
import dev.feira.test.PostgresConfiguration;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Sends mail by SMTP: to GreenMail, and to a server that fails as the test wants. */
class DeliveryTests {

    private static final String ANA = "c0ffee00-0000-4000-8000-000000000001";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();
    private GreenMail server;

    @BeforeEach
    void start() {
        server = new GreenMail(ServerSetup.SMTP.dynamicPort());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Replica sendingTo(String url, String... properties) {
        return Replica.on(
                database,
                Stream.concat(
                                Stream.of(
                                        "feira.notification.mail.url=" + url,
                                        "feira.notification.mail.from=Feira <shop@shop.example>",
                                        "feira.notification.mail.first-retry=10ms",
                                        "feira.notification.mail.longest-retry=20ms"),
                                Arrays.stream(properties))
                        .toArray(String[]::new));
    }

    private String greenMail() {
        return "smtp://127.0.0.1:" + server.getSmtp().getPort();
    }

    private static void order(Replica replica, int number) {
        replica.mail()
                .handle(
                        "o" + number,
                        "order.confirmed.v1",
                        TestMail.example("order.confirmed.v1", "0198c0de", "0198c%03d".formatted(number)));
    }

    private static Map<String, Object> row(Replica replica) {
        return replica.mail().jdbc().sql("select * from mails").query().singleRow();
    }

    @Test
    void sendsTextAndHtmlOnceAndForgetsTheContent() throws Exception {
        try (var replica = sendingTo(greenMail())) {
            replica.mail().registered(ANA, "ana@bücher.example", "Ana d'Ávila", "pt", "customer");
            order(replica, 1);

            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED SENT")::equals);

            assertThat(server.getReceivedMessages()).hasSize(1);
            MimeMessage message = server.getReceivedMessages()[0];
            assertThat(message.getMessageID())
                    .isEqualTo("<%s@localhost>".formatted(row(replica).get("id")));
            assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(message.getFrom()[0]).hasToString("Feira <shop@shop.example>");
            assertThat(message.getAllRecipients()[0].toString()).contains("<ana@xn--bcher-kva.example>");
            assertThat(message.getSubject()).isEqualTo("A sua encomenda 0198c001 está confirmada");
            assertThat(GreenMailUtil.getWholeMessage(message)).contains("text/plain", "text/html");
            assertThat(row(replica))
                    .containsEntry("subject", null)
                    .containsEntry("body", null)
                    .containsEntry("html", null);
            String id = replica.mail().get(TestMail.ADMIN, "/mails").at("$.items[0].id");
            assertThat(replica.mail().get(TestMail.ADMIN, "/mails/" + id).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void keepsMailForDemonstrationAccounts() {
        try (var replica = sendingTo(greenMail())) {
            replica.mail()
                    .handle(
                            "1",
                            "user.registered.v1",
                            TestMail.account(ANA, "ana@feira.example", "Ana", "en", "customer")
                                    .replace("\"demo\": false", "\"demo\": true"));
            order(replica, 1);

            assertThat(replica.mail().statuses()).containsExactly("ORDER_CONFIRMED KEPT");
        }
    }

    @Test
    void sendsNoLinkThatHasExpired() {
        var script = new SmtpScript().on("greeting", "421 too busy");
        try (script;
                var replica = sendingTo(script.url())) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            replica.mail().handle("1", "user.password-reset-requested.v1", """
                    {"userId": "%s", "email": "ana@example.org", "link": "https://shop.example/x?token=abc",
                     "expiresAt": "%s"}""".formatted(
                            ANA, Instant.now().plusSeconds(60)));
            await().atMost(SOON).until(() -> (int) row(replica).get("attempts") >= 1);
            replica.mail().jdbc().sql("update mails set send_before = now()").update();
            script.asUsual("greeting");

            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("PASSWORD_RESET EXPIRED")::equals);
            assertThat(script.messages).isEmpty();
            assertThat(row(replica)).containsEntry("body", null);
        }
    }

    /** The server has the mail, whatever happens to the connection after it. */
    @Test
    void sendsMailOnceIfTheEndOfTheConnectionFails() {
        var script = new SmtpScript().on("QUIT", "silence");
        try (script;
                var replica = sendingTo(script.url(), "feira.notification.mail.timeout=300ms")) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            order(replica, 1);

            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED SENT")::equals);
            assertThat(script.messages).hasSize(1);
        }
    }

    /** A platform that adds this service has events of weeks ago. */
    @Test
    void keepsMailAboutEventsOfLongAgo() {
        try (var replica = sendingTo(greenMail(), "feira.notification.mail.stale-after=1h")) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            replica.mail()
                    .handle(
                            "1",
                            "order.confirmed.v1",
                            Instant.now().minus(Duration.ofHours(2)),
                            TestMail.example("order.confirmed.v1"));

            assertThat(replica.mail().statuses()).containsExactly("ORDER_CONFIRMED KEPT");
        }
    }

    @Test
    void sendsEachMailOnceFromTwoReplicas() {
        try (var first = sendingTo(greenMail());
                var second = sendingTo(greenMail())) {
            first.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            for (var number = 0; number < 40; number++) {
                order(number % 2 == 0 ? first : second, number);
            }

            await().atMost(SOON).until(() -> first.mail().statuses().stream().allMatch("ORDER_CONFIRMED SENT"::equals));
            assertThat(server.getReceivedMessages()).hasSize(40);
        }
    }

    @Test
    void sendsLaterWhatTheServerCouldNotAccept() {
        var script = new SmtpScript().on("greeting", "421 too busy");
        try (script;
                var replica = sendingTo(script.url())) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            order(replica, 1);
            await().atMost(SOON).until(() -> (int) row(replica).get("attempts") >= 2);
            assertThat(row(replica)).containsEntry("status", "PENDING");
            assertThat(String.valueOf(row(replica).get("error"))).contains("421");
            assertThat(replica.health("/readiness")).startsWith("200");
            assertThat(replica.health("")).startsWith("503").contains("mail");

            script.asUsual("greeting").on("RCPT", "450 try later");
            await().atMost(SOON)
                    .until(() -> String.valueOf(row(replica).get("error")).contains("450"));
            script.on("RCPT", "250 ok").on("MAIL", "530 authentication required");
            await().atMost(SOON)
                    .until(() -> String.valueOf(row(replica).get("error")).contains("530"));
            script.asUsual("MAIL").on("end", "451 disk full");
            await().atMost(SOON)
                    .until(() -> String.valueOf(row(replica).get("error")).contains("451"));
            script.asUsual("end");

            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED SENT")::equals);
            assertThat(script.messages.stream().map(DeliveryTests::messageId).distinct())
                    .hasSize(1);
        }
    }

    private static String messageId(String message) {
        return message.replaceFirst("(?s).*?(Message-ID: [^\\n]*).*", "$1");
    }

    @ParameterizedTest
    @CsvSource({"RCPT, 550 no such user", "end, 554 spam"})
    void givesRejectedMailToStaffWhoSendItAgain(String command, String response) {
        var script = new SmtpScript().on(command, response);
        try (script;
                var replica = sendingTo(script.url())) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            order(replica, 1);
            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED FAILED")::equals);
            var audit = replica.mail().get(TestMail.STAFF, "/audit");
            assertThat(audit.<Boolean>at("$.balanced")).isFalse();
            assertThat(audit.<String>at("$.discrepancies[0].error")).startsWith(response);

            script.asUsual(command);
            String id = replica.mail().get(TestMail.STAFF, "/mails").at("$.items[0].id");
            assertThat(replica.mail()
                            .send("POST", TestMail.STAFF, "/mails/" + id + "/retry")
                            .<String>at("$.status"))
                    .isEqualTo("PENDING");

            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED SENT")::equals);
        }
    }

    @Test
    void rejectsOneMailAndSendsTheOthers() {
        var script = new SmtpScript().on("RCPT", "550 no such user");
        try (script;
                var replica = sendingTo(script.url())) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            order(replica, 1);
            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED FAILED")::equals);
            script.asUsual("RCPT");
            order(replica, 2);

            await().atMost(SOON)
                    .until(
                            () -> replica.mail().statuses(),
                            List.of("ORDER_CONFIRMED FAILED", "ORDER_CONFIRMED SENT")::equals);
        }
    }

    @Test
    void givesUpAfterTheSettingAndSaysWhy() {
        var script = new SmtpScript().on("greeting", "close");
        try (script;
                var replica = sendingTo(script.url(), "feira.notification.mail.give-up-after=1s")) {
            replica.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            order(replica, 1);

            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED FAILED")::equals);
            assertThat(row(replica).get("body")).isNotNull();
        }
    }

    /** A replica that was killed while it sent a mail still has the lease. */
    @Test
    void sendsMailOfKilledReplicaAfterItsLease() {
        try (var killed = Replica.on(database)) {
            killed.mail().registered(ANA, "ana@example.org", "Ana", "en", "customer");
            order(killed, 1);
            killed.mail().jdbc().sql("update mails set status = 'PENDING'").update();
            assertThat(killed.context().getBean(Mails.class).lease(Duration.ofMillis(300)))
                    .isPresent();
            assertThat(killed.context().getBean(Mails.class).lease(Duration.ofMillis(300)))
                    .isEmpty();
        }
        try (var replica = sendingTo(greenMail())) {
            await().atMost(SOON).until(() -> replica.mail().statuses(), List.of("ORDER_CONFIRMED SENT")::equals);
            assertThat(server.getReceivedMessages()).hasSize(1);
        }
    }
}
