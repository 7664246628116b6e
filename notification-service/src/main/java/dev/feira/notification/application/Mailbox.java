package dev.feira.notification.application;

import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailNotFound;
import dev.feira.notification.domain.MailStatus;
import dev.feira.notification.domain.Mails;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Shows mail to staff and to its recipients. */
@Service
public class Mailbox {

    private final Mails mails;

    Mailbox(Mails mails) {
        this.mails = mails;
    }

    /** @see Mails#page */
    public List<Mail> page(@Nullable MailStatus status, @Nullable String reference, @Nullable Long before, int limit) {
        return mails.page(status, reference, before, limit);
    }

    /** @see Mails#pageOf */
    public List<Mail> pageOf(String userId, @Nullable String reference, @Nullable Long before, int limit) {
        return mails.pageOf(userId, reference, before, limit);
    }

    /** @throws MailNotFound there is no such mail */
    public Mail find(UUID id) {
        return mails.find(id).orElseThrow(MailNotFound::new);
    }

    /**
     * Makes a failed mail pending again; any other stays as it is.
     *
     * @throws MailNotFound there is no such mail
     */
    @Transactional
    public Mail retry(UUID id) {
        mails.retry(id);
        return find(id);
    }
}
