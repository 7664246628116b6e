package dev.feira.notification.domain;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail to be stored.
 *
 * @param id see {@link #idOf}
 * @param content null for somebody whose account was erased
 * @see Mail
 */
public record NewMail(
        UUID id,
        MailKind kind,
        String userId,
        @Nullable String reference,
        @Nullable String to,
        @Nullable String name,
        @Nullable Content content,
        MailStatus status,
        @Nullable Instant sendBefore) {

    /**
     * Returns the id of the mail to somebody about an event. It is always the same one, so that an event which comes again
     * writes no second mail.
     *
     * @param event the feed and the id of the event
     * @param to the address: there are events that two addresses of one person are told
     */
    public static UUID idOf(String event, MailKind kind, String userId, String to) {
        return UUID.nameUUIDFromBytes(
                String.join("\n", event, kind.name(), userId, to).getBytes(StandardCharsets.UTF_8));
    }
}
