package dev.feira.notification.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail.
 *
 * @param number its position in the mailbox
 * @param id also its Message-ID, so that a second copy can be recognised
 * @param userId the account that it is for
 * @param toStaff whether that account is now one of staff or of an administrator
 * @param reference the order or product that it is about
 * @param to the address; null after an erasure
 * @param name the recipient's name; null after an erasure
 * @param content null after it was sent, and after an erasure
 * @param attempts attempts to send it
 * @param pendingSince when it was written, or sent again by staff
 * @param sendBefore when its link stops working; null: it has none that does
 * @param error the reason of the last failure
 */
public record Mail(
        long number,
        UUID id,
        MailKind kind,
        String userId,
        boolean toStaff,
        @Nullable String reference,
        @Nullable String to,
        @Nullable String name,
        @Nullable Content content,
        MailStatus status,
        int attempts,
        Instant pendingSince,
        @Nullable Instant sendBefore,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant sentAt) {

    /** Without address and text: logs are no place for them. */
    @Override
    public String toString() {
        return "Mail[id=%s, kind=%s, status=%s]".formatted(id, kind, status);
    }
}
