package dev.feira.user.domain;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds the sign-ins of a user. */
public interface ActiveSignIns {

    /**
     * Returns the sign-ins that still give access, at most 100, the last used one first.
     *
     * @param accessToken the token of the request, to mark its own
     */
    List<ActiveSignIn> of(UUID userId, String accessToken);

    /** Returns the sign-in to which an access token belongs, if it still gives access. */
    Optional<ActiveSignIn> current(UUID userId, String accessToken);
}
