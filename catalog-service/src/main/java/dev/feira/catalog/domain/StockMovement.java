package dev.feira.catalog.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An entry of the stock ledger.
 *
 * @param id given by the database; later entries have higher ones
 * @param quantity what it adds to the stock: waste is negative
 * @param reason in the words of who recorded it
 * @param recordedBy the subject of their token
 * @param requestKey of the request that recorded it; null where it was none
 */
@Table("stock_movements")
public record StockMovement(
        @Id @Nullable Long id,
        Sku sku,
        MovementKind kind,
        long quantity,
        String reason,
        String recordedBy,
        Instant recordedAt,
        @Nullable String requestKey) {}
