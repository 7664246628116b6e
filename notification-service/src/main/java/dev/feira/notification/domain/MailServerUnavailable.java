package dev.feira.notification.domain;

/** The SMTP server cannot accept mail now. */
public class MailServerUnavailable extends RuntimeException {

    public MailServerUnavailable(String reason) {
        super(reason);
    }
}
