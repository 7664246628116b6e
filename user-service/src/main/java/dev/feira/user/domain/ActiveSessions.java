package dev.feira.user.domain;

import java.util.UUID;

/** Stores what keeps users signed in: browser sessions, token families. */
@FunctionalInterface
public interface ActiveSessions {

    /** Ends all sessions of the user, in the caller's transaction. */
    void endAll(UUID userId);
}
