package dev.feira.catalog.domain;

import java.util.List;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The stock ledger: entries are added, never changed. */
public interface StockMovements extends Repository<StockMovement, Long> {

    /** Adds an entry and returns it with its id. */
    StockMovement save(StockMovement movement);

    /** Returns the entries of a product, last first, older than the given one. */
    @Query("""
            select id, sku, kind, quantity, reason, recorded_by, recorded_at from stock_movements
             where sku = :sku and id < :before order by id desc limit :limit""")
    List<StockMovement> olderThan(String sku, long before, int limit);
}
