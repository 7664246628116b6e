package dev.feira.notification.application;

import dev.feira.notification.domain.Mails;
import dev.feira.notification.domain.Recipient;
import dev.feira.notification.domain.Recipients;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Follows what user-service tells of accounts, in the transaction that applies the event. */
@Service
@Transactional(propagation = Propagation.MANDATORY)
public class Accounts {

    private final Recipients recipients;
    private final Mails mails;

    Accounts(Recipients recipients, Mails mails) {
        this.recipients = recipients;
        this.mails = mails;
    }

    /** Stores the state of an account. */
    public void changed(Recipient recipient) {
        recipients.save(recipient);
    }

    /** Erases a user: first from the recipients, which waits for mail that is being written, then from all mail. */
    public void erased(String userId) {
        recipients.erase(userId);
        mails.erase(userId);
    }
}
