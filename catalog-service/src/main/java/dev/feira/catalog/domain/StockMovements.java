package dev.feira.catalog.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The stock ledger: entries are added, never changed. */
public interface StockMovements extends Repository<StockMovement, Long> {

    /**
     * Adds an entry; where one with this request key is being added, waits for what becomes of it.
     *
     * @return its id, or nothing where the product has an entry with this request key
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

    /** Returns the entry of a product that was recorded by the request with this key. */
    @Query("""
            select id, sku, kind, quantity, reason, recorded_by, recorded_at, request_key from stock_movements
             where sku = :sku and request_key = :requestKey""")
    Optional<StockMovement> recordedUnder(String sku, String requestKey);

    /** Returns the entries of a product, last first, older than the given one. */
    @Query("""
            select id, sku, kind, quantity, reason, recorded_by, recorded_at, request_key from stock_movements
             where sku = :sku and id < :before order by id desc limit :limit""")
    List<StockMovement> olderThan(String sku, long before, int limit);
}
