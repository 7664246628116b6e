package dev.feira.payment.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Stores the refunds, which are never changed. */
public interface Refunds extends Repository<Refund, UUID> {

    @Modifying
    @Query("""
            insert into refund (id, idempotency_key, charge_id, reference, amount, created_at)
            values (:id, :idempotencyKey, :chargeId, :reference, :amount, :createdAt)""")
    void insert(UUID id, String idempotencyKey, UUID chargeId, String reference, BigDecimal amount, Instant createdAt);

    /** Adds a refund. */
    default void add(Refund refund) {
        insert(
                refund.id(),
                refund.idempotencyKey(),
                refund.chargeId(),
                refund.reference(),
                refund.amount(),
                refund.createdAt());
    }

    Optional<Refund> findByIdempotencyKey(String idempotencyKey);

    /** Returns the refunds of one order, oldest first. */
    List<Refund> findByReferenceOrderByCreatedAtAscIdAsc(String reference);
}
