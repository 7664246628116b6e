package dev.feira.notification.domain;

/** Sends mail. */
public interface MailServer {

    /**
     * Hands a mail over. After an exception it may have been accepted all the same: the next attempt has the same Message-ID.
     *
     * @throws MailRejected it will not accept this mail
     * @throws MailServerUnavailable it cannot accept mail now
     */
    void send(Mail mail);
}
