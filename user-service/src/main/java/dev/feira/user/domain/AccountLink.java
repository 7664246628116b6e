package dev.feira.user.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A link in a message to a user, valid once. Its token is known to the receiver only.
 *
 * @param email the address that the link verifies; of a change the new one
 * @param requestId the same for all links of one request
 * @param usedAt when it was used or replaced by a newer one, or null
 */
public record AccountLink(
        UUID userId,
        Kind kind,
        String email,
        UUID requestId,
        Instant expiresAt,
        @Nullable Instant usedAt) {

    /** What a link is for, as stored. */
    public enum Kind {
        VERIFICATION,
        PASSWORD_RESET,
        /** Confirms a change of the e-mail address, sent to the present one. */
        EMAIL_CHANGE,
        /** Confirms it, too, sent to the new one. */
        EMAIL_CHANGE_NEW
    }
}
