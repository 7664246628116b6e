package dev.feira.user.domain;

import java.util.List;
import java.util.UUID;

/** The networks from which each user has signed in; guesses from other networks do not block sign-ins from these. */
public interface KnownNetworks {

    /** Returns whether the user has signed in from the network within {@code feira.users.sign-in.known-address-age}. */
    boolean contains(UUID userId, String network);

    /** Stores a sign-in from the network, now. */
    void add(UUID userId, String network);

    /** Returns the networks that are stored for the user. */
    List<String> of(UUID userId);
}
