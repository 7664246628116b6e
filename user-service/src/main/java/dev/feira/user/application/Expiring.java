package dev.feira.user.application;

/** Something with an end, which housekeeping removes. */
@FunctionalInterface
public interface Expiring {

    /** Removes what has expired and returns how many rows that were. */
    int removeExpired();
}
