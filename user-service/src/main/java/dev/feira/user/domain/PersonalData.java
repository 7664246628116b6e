package dev.feira.user.domain;

import java.util.UUID;

/** Erases what outlives an account: the audit log and the events that were sent. */
public interface PersonalData {

    /**
     * Removes addresses, clients and details from the audit log, and the data of the user's events, in the caller's transaction.
     * The id stays: without the account it names no person.
     */
    void erase(UUID userId);
}
