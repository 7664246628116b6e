package dev.feira.notification.domain;

/** The SMTP server will never accept this mail, e.g. because the address does not exist. */
public class MailRejected extends RuntimeException {

    public MailRejected(String reason) {
        super(reason);
    }
}
