package dev.feira.notification.domain;

import java.util.List;
import java.util.Optional;

/** The people who can get mail. */
public interface Recipients {

    /**
     * Finds somebody, and keeps them from being erased until the caller's transaction ends: otherwise mail that is written
     * meanwhile would outlive the erasure.
     */
    Optional<Recipient> find(String userId);

    /** Returns whether nothing is known of anybody: the feed of user-service has not been read yet. */
    boolean isEmpty();

    /** Returns whether the account was erased. */
    boolean isErased(String userId);

    /** Stores the present state of an account; an erased one stays erased. */
    void save(Recipient recipient);

    /** Deletes what is known of somebody, but for the fact. */
    void erase(String userId);

    /** Returns the staff, each kept from being erased until the caller's transaction ends. */
    List<Recipient> staff();
}
