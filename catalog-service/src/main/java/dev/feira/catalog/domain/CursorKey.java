package dev.feira.catalog.domain;

/** What the cursors of lists are signed with, the same for all replicas. */
public interface CursorKey {

    /** Returns 32 random bytes, made with the schema and kept from then on. */
    byte[] secret();
}
