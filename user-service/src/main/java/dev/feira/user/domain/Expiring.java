package dev.feira.user.domain;

/** Stores rows that expire. */
@FunctionalInterface
public interface Expiring {

    /** Removes expired rows and returns their number. */
    int removeExpired();
}
