package dev.feira.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.test.PostgresConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.NestedExceptionUtils;

/** Tests starts with missing or invalid configuration. */
class StartTests {

    @Test
    void startsWithoutDatabaseAndReturns503() {
        try (var replica = Replica.on(
                PostgresConfiguration.nowhere(),
                "feira.database.migration-wait=100ms",
                "spring.datasource.hikari.connection-timeout=500")) {
            var reply = replica.mail().get(TestMail.STAFF, "/mails");

            assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
            assertThat(reply.problem()).isEqualTo("database-unavailable");
            assertThat(replica.health("/liveness")).startsWith("200");
            assertThat(replica.health("/readiness")).startsWith("503");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example:25, shop@example.org, FEIRA_MAIL_URL",
        "http://user:geheim@mail.example, shop@example.org, FEIRA_MAIL_URL",
        "smtp://user:ge heim@mail.example, shop@example.org, FEIRA_MAIL_URL",
        "smtp:geheim, shop@example.org, FEIRA_MAIL_URL",
        "smtp://user:geheim@mail.example, '', FEIRA_MAIL_FROM"
    })
    void namesMailSettingThatIsWrongWithoutItsPassword(String url, String from, String variable) {
        assertThatThrownBy(() -> Replica.on(
                        PostgresConfiguration.nowhere(),
                        "feira.notification.mail.url=" + url,
                        "feira.notification.mail.from=" + from))
                .hasStackTraceContaining(variable)
                .satisfies(e -> assertThat(
                                NestedExceptionUtils.getMostSpecificCause(e).getMessage())
                        .doesNotContain("heim"));
    }
}
