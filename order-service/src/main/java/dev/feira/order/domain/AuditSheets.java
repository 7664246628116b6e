package dev.feira.order.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores reservations and charges of the other services beside the orders for the time of one audit. The database
 * compares both, so an audit keeps at most a page in memory.
 */
public interface AuditSheets {

    /** Begins a sheet and returns its id; sheets that are more than an hour old are deleted. */
    UUID begin();

    /** Adds money that moved. */
    void addMoney(UUID sheet, List<Moved> moved);

    /** Adds goods that are held or sold; they replace those added for the same order before. */
    void addStock(UUID sheet, String status, List<Reserved> reserved);

    /**
     * Returns up to {@code limit} orders by id, beside what the sheet has about them.
     *
     * @param placedSince only orders that were placed then or later; null for all
     * @param after the last id of the page before; null for the first
     */
    List<Row> page(UUID sheet, @Nullable Instant placedSince, @Nullable UUID after, int limit);

    /** Returns up to {@code limit} references of kept money that no order has. */
    List<Stray> strayMoney(UUID sheet, int limit);

    /** Returns up to {@code limit} reservations that no order has. */
    List<Stray> strayStock(UUID sheet, int limit);

    /** Returns the sums of all movements. */
    Totals totals(UUID sheet);

    /** Returns when the oldest order with an open step was placed; empty without one. */
    Optional<Instant> oldestUnderWay();

    /** Deletes the sheet. */
    void end(UUID sheet);

    /**
     * Money that moved.
     *
     * @param reference what the money is for, usually an order's id
     */
    record Moved(String reference, BigDecimal charged, BigDecimal refunded) {}

    /**
     * Goods that are held or sold.
     *
     * @param quantities of each SKU
     */
    record Reserved(UUID order, Map<String, Long> quantities) {}

    /** What was charged and what was refunded in all. */
    record Totals(BigDecimal charged, BigDecimal refunded) {}

    /** What the provider or the catalog has without an order. */
    record Stray(String reference, String what) {}

    /**
     * An order beside what the others have.
     *
     * @param underWay whether the saga has something to do for it, or had since the sheet was begun: the others may
     *     have been read before or after that
     * @param kept what the provider keeps of its money
     * @param goods its lines, by SKU: {@code 2 A-1, 1 B-2}
     * @param stock the status of its reservation; null where nothing is held or sold
     * @param stockGoods what is held or sold, in the form of {@code goods}; null where nothing is
     */
    record Row(
            UUID id,
            OrderStatus status,
            BigDecimal gross,
            boolean underWay,
            BigDecimal kept,
            String goods,
            @Nullable String stock,
            @Nullable String stockGoods) {}
}
