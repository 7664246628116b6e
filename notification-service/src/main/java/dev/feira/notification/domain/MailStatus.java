package dev.feira.notification.domain;

/** What became of a mail. */
public enum MailStatus {
    /** Stays in the mailbox: no SMTP server is set, or the recipient is a demonstration account. */
    KEPT,
    /** Will be sent, now or after a failed attempt. */
    PENDING,
    /** The SMTP server has accepted it; its text is deleted. */
    SENT,
    /** The SMTP server rejected it, or was unavailable for too long; staff can send it again. */
    FAILED,
    /** Its link stopped working before the SMTP server accepted it; its text is deleted. */
    EXPIRED,
    /** The recipient's account was erased: address and text are deleted. */
    ERASED
}
