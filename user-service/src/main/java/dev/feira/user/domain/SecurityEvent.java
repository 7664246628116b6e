package dev.feira.user.domain;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that matters to an account's safety, for the audit log.
 *
 * @param id position in the log; 0 before it is written
 * @param userId whose account, where known
 * @param clientId which OAuth client, where one took part
 * @param address the caller's IP address, where known
 * @param detail more, never a password, a token or a mistyped address
 */
public record SecurityEvent(
        long id,
        Instant at,
        Type type,
        @Nullable UUID userId,
        @Nullable String clientId,
        @Nullable String address,
        Map<String, Object> detail) {

    /** What happened. */
    public enum Type {
        ACCOUNT_REGISTERED,
        REGISTRATION_REFUSED,
        SIGN_IN_SUCCEEDED,
        SIGN_IN_FAILED,
        SIGN_IN_BLOCKED,
        SIGNED_OUT,
        PASSWORD_CHANGED,
        PROFILE_CHANGED,
        ROLES_CHANGED,
        DEVICE_APPROVED,
        DEVICE_DENIED,
        REFRESH_TOKEN_REUSED,
        CODE_REUSED,
        KEY_ROTATED
    }
}
