package dev.feira.user.keys;

import java.time.Instant;
import java.util.List;

/** Stores the signing keys for all replicas. */
public interface SigningKeys {

    /** Serializes key creation over all replicas until the end of the transaction. */
    void lock();

    /** Returns all keys, newest first. */
    List<SigningKey> findAll();

    /** Adds a key with both halves. */
    void add(SigningKey key);

    /** Adds the key pair for RS256 to a key of an earlier version. */
    void addRs256(String kid, SigningKey.Rs256 keys);

    /** Sets the expiry of every other key that has none, or a later one. */
    void expireAllExcept(String kid, Instant expiresAt);

    /** Removes keys that expired before this time, and returns their number. */
    int removeExpired(Instant before);
}
