package dev.feira.user.domain;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records the events that matter to the security of accounts: the audit log. */
public interface SecurityLog {

    /** Appends an event, in the caller's transaction if there is one. */
    default void record(SecurityEvent.Type type, @Nullable UUID userId, @Nullable String address) {
        record(type, userId, null, address, Map.of());
    }

    /**
     * Appends an event, in the caller's transaction if there is one.
     *
     * @param detail never a password, a token, or a mistyped e-mail address
     */
    void record(
            SecurityEvent.Type type,
            @Nullable UUID userId,
            @Nullable String clientId,
            @Nullable String address,
            Map<String, Object> detail);

    /**
     * Returns events, newest first.
     *
     * @param userId of this account only, or null for all
     * @param beforeId only events with a smaller id
     */
    List<SecurityEvent> findBefore(@Nullable UUID userId, long beforeId, int limit);
}
