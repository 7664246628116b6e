package dev.feira.notification.application;

import dev.feira.notification.config.NotificationProperties;
import dev.feira.notification.domain.Letter;
import dev.feira.notification.domain.MailServer;
import dev.feira.notification.domain.MailStatus;
import dev.feira.notification.domain.Mails;
import dev.feira.notification.domain.NewMail;
import dev.feira.notification.domain.Occasion;
import dev.feira.notification.domain.Recipient;
import dev.feira.notification.domain.Recipients;
import dev.feira.notification.templates.MailTemplates;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Writes mail about an event, in the transaction that applies it. */
@Service
@Transactional(propagation = Propagation.MANDATORY)
public class LetterWriter {

    private final Recipients recipients;
    private final Mails mails;
    private final MailTemplates templates;
    private final Clock clock;
    private final Duration staleAfter;
    private final boolean isSent;

    LetterWriter(
            Recipients recipients,
            Mails mails,
            MailTemplates templates,
            Optional<MailServer> server,
            NotificationProperties settings,
            Clock clock) {
        this.recipients = recipients;
        this.mails = mails;
        this.templates = templates;
        this.clock = clock;
        this.staleAfter = settings.mail().staleAfter();
        this.isSent = server.isPresent();
    }

    /**
     * Writes to a user, at the address of the account.
     *
     * @throws UnknownRecipient the account's own event has not been applied yet
     * @throws AccountsUnknown no event of any account has been applied yet
     */
    public void write(Occasion occasion, String userId, Letter letter) {
        write(occasion, userId, Recipient::email, letter);
    }

    /**
     * Writes to a user at another address.
     *
     * @throws UnknownRecipient the account's own event has not been applied yet
     * @throws AccountsUnknown no event of any account has been applied yet
     */
    public void writeTo(String address, Occasion occasion, String userId, Letter letter) {
        write(occasion, userId, _ -> address, letter);
    }

    private void write(Occasion occasion, String userId, Function<Recipient, String> address, Letter letter) {
        recipients
                .find(userId)
                .ifPresentOrElse(
                        recipient -> add(occasion, recipient, address.apply(recipient), letter),
                        () -> addErased(occasion, userId, letter));
    }

    /** Writes to all staff. */
    public void writeToStaff(Occasion occasion, Letter letter) {
        recipients.staff().forEach(recipient -> add(occasion, recipient, recipient.email(), letter));
    }

    private void add(Occasion occasion, Recipient recipient, String address, Letter letter) {
        mails.add(new NewMail(
                NewMail.idOf(occasion.event(), letter.kind(), recipient.userId(), address),
                letter.kind(),
                recipient.userId(),
                letter.reference(),
                address,
                letter.kind().isToUnprovenAddress() ? null : recipient.name(),
                templates.render(letter, recipient),
                isSent && !recipient.demo() && !isStale(occasion) ? MailStatus.PENDING : MailStatus.KEPT,
                letter instanceof Letter.OfAccount account ? account.expiresAt() : null));
    }

    /** A service that starts for the first time reads events of weeks ago, and must not write to everybody about them. */
    private boolean isStale(Occasion occasion) {
        return occasion.at().isBefore(clock.instant().minus(staleAfter));
    }

    /** The event counts as told: there is no reader any more. */
    private void addErased(Occasion occasion, String userId, Letter letter) {
        if (!recipients.isErased(userId)) {
            throw recipients.isEmpty() ? new AccountsUnknown() : new UnknownRecipient(userId);
        }
        mails.add(new NewMail(
                NewMail.idOf(occasion.event(), letter.kind(), userId, ""),
                letter.kind(),
                userId,
                letter.reference(),
                null,
                null,
                null,
                MailStatus.ERASED,
                null));
    }
}
