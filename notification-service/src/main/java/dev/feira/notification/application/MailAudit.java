package dev.feira.notification.application;

import dev.feira.defaults.audit.Audit;
import dev.feira.notification.config.NotificationProperties;
import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.MailStatus;
import dev.feira.notification.domain.Mails;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;

/** Counts mail; mail that could not be sent is a discrepancy. */
@Service
public class MailAudit implements Audit {

    private static final int SHOWN = 100;

    /**
     * The result of an audit.
     *
     * @param mails number of mails with each status
     * @param orders number of orders that mail of each kind tells about, for a comparison with order-service
     * @param discrepancies the latest 100 that failed
     */
    public record Report(
            Instant checkedAt, Map<MailStatus, Long> mails, Map<MailKind, Long> orders, List<Mail> discrepancies)
            implements Audit.Report {}

    private final Mails mails;
    private final NotificationProperties settings;
    private final Clock clock;

    MailAudit(Mails mails, NotificationProperties settings, Clock clock) {
        this.mails = mails;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public String description() {
        return "Mail that could not be sent";
    }

    @Override
    public Duration interval() {
        return settings.auditInterval();
    }

    @Override
    public Report check() {
        return new Report(
                clock.instant(), mails.count(), mails.orders(), mails.page(MailStatus.FAILED, null, null, SHOWN));
    }
}
