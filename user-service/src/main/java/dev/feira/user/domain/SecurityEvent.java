package dev.feira.user.domain;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that concerns the security of an account, for the audit log.
 *
 * @param id position in the log
 * @param userId the account, if known
 * @param clientId the OAuth client, if any
 * @param address the caller's IP address, if known
 * @param detail further data; never a password, a token or a mistyped e-mail address
 */
public record SecurityEvent(
        long id,
        Instant at,
        Type type,
        @Nullable UUID userId,
        @Nullable String clientId,
        @Nullable String address,
        Map<String, Object> detail) {

    /** The kinds of events, as stored. */
    public enum Type {
        ACCOUNT_REGISTERED,
        REGISTRATION_REFUSED,
        SIGN_IN_SUCCEEDED,
        SIGN_IN_FAILED,
        SIGN_IN_BLOCKED,
        SIGNED_OUT,
        PASSWORD_CHANGED,
        PASSWORD_RESET_REQUESTED,
        PASSWORD_RESET,
        EMAIL_VERIFIED,
        EMAIL_CHANGE_REQUESTED,
        EMAIL_CHANGED,
        ACCOUNT_ERASED,
        PROFILE_CHANGED,
        ROLES_CHANGED,
        DEVICE_APPROVED,
        DEVICE_DENIED,
        REFRESH_TOKEN_REUSED,
        CODE_REUSED,
        KEY_ROTATED
    }
}
