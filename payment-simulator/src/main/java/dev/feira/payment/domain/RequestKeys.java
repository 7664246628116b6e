package dev.feira.payment.domain;

import java.time.Instant;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Stores the idempotency keys. */
public interface RequestKeys extends Repository<RequestKey, String> {

    /**
     * Counts a request with this key and locks the key until the transaction ends. A concurrent request with the same key waits
     * and then finds the result of the first.
     */
    @Query("""
            insert into request_key (id, fingerprint, attempts, created_at) values (:id, :fingerprint, 1, :now)
            on conflict (id) do update set attempts = request_key.attempts + 1
            returning id, fingerprint, attempts""")
    RequestKey claim(String id, String fingerprint, Instant now);
}
