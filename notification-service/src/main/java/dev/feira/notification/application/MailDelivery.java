package dev.feira.notification.application;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.notification.config.NotificationProperties;
import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailRejected;
import dev.feira.notification.domain.MailServer;
import dev.feira.notification.domain.MailServerUnavailable;
import dev.feira.notification.domain.MailStatus;
import dev.feira.notification.domain.Mails;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Sends pending mail, each by one replica. A replica that dies between the server's acceptance and the note of it leads to a second
 * copy with the same Message-ID, which SMTP cannot avoid; nothing is lost.
 */
@Component
public class MailDelivery {

    private static final Logger log = LoggerFactory.getLogger(MailDelivery.class);

    private final Mails mails;
    private final Optional<MailServer> server;
    private final DatabaseMigration migration;
    private final NotificationProperties settings;
    private final Clock clock;
    private final Counter sent;
    private final Counter retried;
    private final Counter failed;
    private volatile Map<MailStatus, Long> counts = Map.of();
    private volatile boolean stopping;

    MailDelivery(
            Mails mails,
            Optional<MailServer> server,
            DatabaseMigration migration,
            NotificationProperties settings,
            Clock clock,
            MeterRegistry meters) {
        this.mails = mails;
        this.server = server;
        this.migration = migration;
        this.settings = settings;
        this.clock = clock;
        this.sent = attempts(meters, "sent");
        this.retried = attempts(meters, "retried");
        this.failed = attempts(meters, "failed");
        gauge(meters, MailStatus.PENDING);
        gauge(meters, MailStatus.FAILED);
    }

    private static Counter attempts(MeterRegistry meters, String result) {
        return Counter.builder("feira.mails.attempts")
                .description("Attempts to send mail")
                .tag("result", result)
                .register(meters);
    }

    private void gauge(MeterRegistry meters, MailStatus status) {
        Gauge.builder("feira.mails", () -> counts.getOrDefault(status, 0L))
                .description("Mail by status")
                .tag("status", status.name())
                .register(meters);
    }

    /** Ends after the mail that is being sent: an interrupt in the middle of it could lead to a second copy. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
    }

    /** Sends what is due; a mail that was just written waits for a second at most. */
    @Scheduled(fixedDelay = 1_000)
    void run() {
        if (!migration.isDone() || server.isEmpty() || stopping) {
            return;
        }
        try {
            sendDue();
        } catch (DataAccessException | TransactionException e) {
            log.warn("Cannot look for mail to send: {}", e.getMessage());
        }
    }

    /** Sends all mail that is due. */
    public void sendDue() {
        var isAvailable = true;
        while (isAvailable && !stopping) {
            var next = mails.lease(settings.mail().lease());
            if (next.isEmpty()) {
                return;
            }
            isAvailable = send(next.get()); // otherwise the others would wait for the same timeout
        }
    }

    /** @return false if the server is unavailable */
    private boolean send(Mail mail) {
        if (mail.sendBefore() != null && mail.sendBefore().isBefore(clock.instant())) {
            mails.expired(mail.id());
            log.warn("Mail {} was not sent: its link has expired", mail.id());
            return true;
        }
        try {
            server.orElseThrow().send(mail);
            mails.sent(mail.id());
            sent.increment();
            return true;
        } catch (MailRejected e) {
            giveUp(mail, String.valueOf(e.getMessage()));
            return true;
        } catch (MailServerUnavailable e) {
            var reason = String.valueOf(e.getMessage());
            if (mail.pendingSince().plus(settings.mail().giveUpAfter()).isBefore(clock.instant())) {
                giveUp(mail, reason);
            } else {
                mails.retryLater(mail.id(), delay(mail.attempts()), reason);
                retried.increment();
                log.warn("Mail {} could not be sent and will be tried again; the page Mail has the reason", mail.id());
            }
            return false;
        }
    }

    private void giveUp(Mail mail, String reason) {
        mails.failed(mail.id(), reason);
        failed.increment();
        log.error("Mail {} was not sent. Staff see the reason on the page Mail, and can send it again.", mail.id());
    }

    private Duration delay(int attempts) {
        var doubled = settings.mail().firstRetry().multipliedBy(1L << Math.min(attempts - 1, 20));
        var longest = settings.mail().longestRetry();
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    /** Counts mail for the metrics, and deletes old mail. */
    @Scheduled(fixedDelay = 60_000)
    void countAndDeleteOld() {
        if (!migration.isDone()) {
            return;
        }
        try {
            counts = mails.count();
            var deleted = mails.deleteBefore(clock.instant().minus(settings.retention()));
            if (deleted > 0) {
                log.info("Deleted {} old mails", deleted);
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Cannot count mail: {}", e.getMessage());
        }
    }
}
