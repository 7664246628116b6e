package dev.feira.catalog.domain;

/** Provides the key that signs cursors, the same for all replicas. */
public interface CursorKey {

    /** Returns 32 random bytes, generated once after the first migration. */
    byte[] secret();
}
