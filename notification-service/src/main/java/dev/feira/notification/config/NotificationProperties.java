package dev.feira.notification.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.notification}.
 *
 * @param mail the SMTP server
 * @param retention how long mail is kept that needs no further attempt, at least a day
 * @param auditInterval time between two audits of each replica, 100 ms to 1 day
 */
@Validated
@ConfigurationProperties("feira.notification")
public record NotificationProperties(
        @Valid @DefaultValue Mail mail,

        @DefaultValue("90d") @NotNull @DurationMin(days = 1) Duration retention,

        @DefaultValue("5m") @NotNull @DurationMin(millis = 100) @DurationMax(days = 1)
        Duration auditInterval) {

    /**
     * The SMTP server.
     *
     * @param url {@code smtp://user:password@host:port} or {@code smtps://…}, user and password percent-encoded; empty: mail
     *     stays in the mailbox
     * @param from the address of the sender, required with a URL
     * @param connectTimeout until the server accepts a connection
     * @param timeout for each response of the server
     * @param lease how long one replica has a mail to send; longer than an attempt
     * @param firstRetry delay of the second attempt; doubled with each further one
     * @param longestRetry the longest delay
     * @param staleAfter age of an event whose mail is only kept, not sent: a platform that adds this service has events of weeks
     * @param giveUpAfter time until a mail fails that the server could not accept; RFC 5321, section 4.5.4.1, asks for 4 to 5
     *     days
     */
    public record Mail(
            @DefaultValue("") String url,
            @DefaultValue("") String from,

            @DefaultValue("5s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 1)
            Duration connectTimeout,

            @DefaultValue("20s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 1)
            Duration timeout,

            @DefaultValue("5m") @NotNull @DurationMin(seconds = 1)
            Duration lease,

            @DefaultValue("10s") @NotNull @DurationMin(millis = 1)
            Duration firstRetry,

            @DefaultValue("1h") @NotNull @DurationMin(millis = 1)
            Duration longestRetry,

            @DefaultValue("7d") @NotNull @DurationMin(seconds = 1)
            Duration staleAfter,

            @DefaultValue("5d") @NotNull @DurationMin(seconds = 1)
            Duration giveUpAfter) {

        public Mail {
            if (StringUtils.hasText(url)) {
                var server = parse(url);
                if (server.getHost() == null
                        || !(server.getScheme().equals("smtp")
                                || server.getScheme().equals("smtps"))) {
                    throw invalid();
                }
                if (!StringUtils.hasText(from)) {
                    throw new IllegalArgumentException(
                            "FEIRA_MAIL_FROM (feira.notification.mail.from) must be set with FEIRA_MAIL_URL, e.g. Feira <shop@example.org>");
                }
            }
        }

        /** Returns whether mail is sent; otherwise it stays in the mailbox. */
        public boolean isSent() {
            return StringUtils.hasText(url);
        }

        /** Returns the address of the server. */
        public URI server() {
            return parse(url);
        }

        private static URI parse(String url) {
            try {
                return URI.create(url.strip());
            } catch (IllegalArgumentException _) {
                throw invalid(); // without the URL, which has a password
            }
        }

        private static IllegalArgumentException invalid() {
            return new IllegalArgumentException(
                    "FEIRA_MAIL_URL (feira.notification.mail.url) must be smtp://host:port or smtps://host:port, with user:password@"
                            + " before the host if the server asks for them, special characters percent-encoded");
        }

        @Override
        public String toString() {
            return "Mail[from=%s]".formatted(from); // the URL has a password
        }
    }
}
