package dev.feira.user.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores the links of messages, and of their tokens hashes only. */
public interface AccountLinks {

    void add(String token, AccountLink link);

    /** Returns the link of a token, also a used or expired one for some days. */
    Optional<AccountLink> find(String token);

    /**
     * Marks a link as used. Of parallel calls one returns true.
     *
     * @return false if the link was used, has expired or does not exist
     */
    boolean use(String token, Instant now);

    /** Marks all unused links of these kinds of the user as used. */
    void useAll(UUID userId, Set<AccountLink.Kind> kinds, Instant now);

    /** Returns whether the link of this kind and request was used. */
    boolean isUsed(UUID requestId, AccountLink.Kind kind);
}
