package dev.feira.notification.web;

import dev.feira.notification.domain.Mail;
import dev.feira.notification.domain.MailStatus;
import org.springframework.security.core.Authentication;

/**
 * Somebody who reads the mailbox.
 *
 * @param staff reads texts, and the errors of the mail server
 * @param admin a link in mail to staff acts for them, so only an administrator opens it
 */
record Reader(boolean staff, boolean admin) {

    /** The recipient. A link works without a sign-in, so a stolen session must not read it here. */
    static final Reader RECIPIENT = new Reader(false, false);

    /** Returns a member of staff: the operation is permitted to them only. */
    static Reader of(Authentication user) {
        return new Reader(
                true,
                user.getAuthorities().stream().anyMatch(authority -> "ROLE_ADMIN".equals(authority.getAuthority())));
    }

    boolean mayOpen(Mail mail) {
        return staff
                && mail.content() != null
                && mail.status() == MailStatus.KEPT
                && (admin || !(mail.toStaff() && mail.kind().isSecret()));
    }
}
