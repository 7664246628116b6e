package dev.feira.catalog.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Stores the stock ledger, which is append-only. */
public interface StockMovements extends Repository<StockMovement, Long> {

    /**
     * Adds an entry; waits for a concurrent transaction that adds one with this request key.
     *
     * @return its id, or nothing if the product has an entry with this request key
     */
    @Query("""
            insert into stock_movements (sku, kind, quantity, reason, recorded_by, recorded_at, request_key)
            values (:sku, :kind, :quantity, :reason, :recordedBy, :recordedAt, :requestKey)
                on conflict (sku, request_key) do nothing
            returning id""")
    Optional<Long> add(
            String sku,
            String kind,
            long quantity,
            String reason,
            String recordedBy,
            Instant recordedAt,
            @Nullable String requestKey);

    /** Returns the entry of a product with this request key. */
    @Query("""
            select id, sku, kind, quantity, reason, recorded_by, recorded_at, request_key from stock_movements
             where sku = :sku and request_key = :requestKey""")
    Optional<StockMovement> recordedUnder(String sku, String requestKey);

    /** Returns the entries of a product before the given id, newest first. */
    @Query("""
            select id, sku, kind, quantity, reason, recorded_by, recorded_at, request_key from stock_movements
             where sku = :sku and id < :before order by id desc limit :limit""")
    List<StockMovement> olderThan(String sku, long before, int limit);
}
