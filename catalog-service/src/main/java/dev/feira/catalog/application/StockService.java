package dev.feira.catalog.application;

import dev.feira.catalog.domain.InsufficientStock;
import dev.feira.catalog.domain.MovementKind;
import dev.feira.catalog.domain.Page;
import dev.feira.catalog.domain.Position;
import dev.feira.catalog.domain.ProductNotFound;
import dev.feira.catalog.domain.RequestKeyReused;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.StockMovement;
import dev.feira.catalog.domain.StockMovements;
import dev.feira.catalog.domain.Stocks;
import dev.feira.defaults.paging.InvalidCursor;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Records stock movements other than orders, and reads the ledger. */
@Service
public class StockService {

    /** An entry of the ledger, and the stock after it. */
    public record Recorded(StockMovement movement, Stock stock) {}

    /** Entries of the ledger, newest first, and the current stock. */
    public record Ledger(Listing<StockMovement> movements, Stock stock) {}

    private final Stocks stocks;
    private final StockChanges changes;
    private final StockMovements movements;
    private final Cursors cursors;
    private final Clock clock;

    StockService(Stocks stocks, StockChanges changes, StockMovements movements, Cursors cursors, Clock clock) {
        this.stocks = stocks;
        this.changes = changes;
        this.movements = movements;
        this.cursors = cursors;
        this.clock = clock;
    }

    /**
     * Records a movement once per request key.
     *
     * @param quantity more than 0; for a correction also less than 0
     * @param recordedBy the subject of the user's token
     * @param requestKey the request's idempotency key; null to record each call
     * @return the first entry with this key, and the current stock
     * @throws RequestKeyReused the key was used for another movement of the product
     * @throws ProductNotFound the product does not exist
     * @throws InsufficientStock the quantity exceeds the available stock
     * @throws IllegalArgumentException the quantity does not match the kind
     */
    @Transactional
    public Recorded record(
            String sku,
            MovementKind kind,
            long quantity,
            String reason,
            String recordedBy,
            @Nullable String requestKey) {
        var product = Sku.parse(sku).orElseThrow(() -> new ProductNotFound(sku));
        var effect = kind.effect(quantity);
        if (stocks.find(product).isEmpty()) {
            throw new ProductNotFound(sku);
        }
        // PostgreSQL stores microseconds: return the same time as later reads
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var added = movements.add(sku, kind.name(), effect, reason, recordedBy, now, requestKey);
        if (added.isEmpty()) {
            return recordedBefore(product, kind, effect, reason, Objects.requireNonNull(requestKey));
        }
        var stock = changes.add(product, effect)
                .orElseThrow(() -> new InsufficientStock(
                        product, stocks.find(product).orElseThrow().available()));
        return new Recorded(
                new StockMovement(added.get(), product, kind, effect, reason, recordedBy, now, requestKey), stock);
    }

    private Recorded recordedBefore(Sku product, MovementKind kind, long effect, String reason, String requestKey) {
        var first = movements.recordedUnder(product.value(), requestKey).orElseThrow();
        if (first.kind() != kind
                || first.quantity() != effect
                || !first.reason().equals(reason)) {
            throw new RequestKeyReused();
        }
        return new Recorded(first, stocks.find(product).orElseThrow());
    }

    /**
     * Sets the available quantity at which staff are told, once each time that the product falls to it.
     *
     * @param level 0 to {@value Stock#MAX_REORDER_LEVEL}; 0: never
     * @throws ProductNotFound the product does not exist
     */
    @Transactional
    public Stock setReorderLevel(String sku, long level) {
        return Sku.parse(sku)
                .flatMap(product -> changes.setReorderLevel(product, level))
                .orElseThrow(() -> new ProductNotFound(sku));
    }

    /**
     * Returns the ledger of a product.
     *
     * @throws ProductNotFound the product does not exist
     * @throws InvalidCursor the cursor does not belong to this ledger
     */
    @Transactional(readOnly = true)
    public Ledger ledger(String sku, @Nullable String cursor, int limit) {
        var stock = Sku.parse(sku).flatMap(stocks::find).orElseThrow(() -> new ProductNotFound(sku));
        var query = "stock-movements " + sku;
        var after = cursors.read(cursor, query);
        var before = after == null ? Long.MAX_VALUE : Long.parseLong(after.id());
        var found = movements.olderThan(sku, before, limit + 1);
        var page = Page.of(found, limit, last -> new Position("", String.valueOf(last.id())));
        return new Ledger(cursors.listing(page, query), stock);
    }
}
