package dev.feira.payment.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Stores the charges. */
public interface Charges extends Repository<Charge, UUID> {

    Charge save(Charge charge);

    Optional<Charge> findById(UUID id);

    Optional<Charge> findByIdempotencyKey(String idempotencyKey);

    /** Returns the charges of one order, oldest first. */
    List<Charge> findByReferenceOrderByCreatedAtAscIdAsc(String reference);

    /** Locks the charge until the transaction ends and returns it. */
    @Query("""
            select id, idempotency_key, reference, amount, refunded, behaviour, brand, last4, status, decline_reason,
                   created_at, settles_at, version
              from charge where id = :id for update""")
    Optional<Charge> lockById(UUID id);

    /** Locks the oldest due charge that is not locked, until the transaction ends, and returns it. */
    @Query("""
            select id, idempotency_key, reference, amount, refunded, behaviour, brand, last4, status, decline_reason,
                   created_at, settles_at, version
              from charge
             where status = 'PENDING' and settles_at <= :now
             order by settles_at limit 1 for update skip locked""")
    Optional<Charge> lockNextDue(Instant now);
}
