package dev.feira.catalog.application;

import dev.feira.catalog.domain.InsufficientStock;
import dev.feira.catalog.domain.MovementKind;
import dev.feira.catalog.domain.Page;
import dev.feira.catalog.domain.Position;
import dev.feira.catalog.domain.ProductNotFound;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.StockMovement;
import dev.feira.catalog.domain.StockMovements;
import dev.feira.catalog.domain.Stocks;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Goods come and go, other than by orders. */
@Service
public class StockKeeping {

    /** An entry of the ledger and the stock it left. */
    public record Recorded(StockMovement movement, Stock stock) {}

    /** Entries of the ledger, last first, and the stock now. */
    public record Ledger(Listing<StockMovement> movements, Stock stock) {}

    private final Stocks stocks;
    private final StockMovements movements;
    private final Cursors cursors;
    private final Clock clock;

    StockKeeping(Stocks stocks, StockMovements movements, Cursors cursors, Clock clock) {
        this.stocks = stocks;
        this.movements = movements;
        this.cursors = cursors;
        this.clock = clock;
    }

    /**
     * Records that goods came or went.
     *
     * @param quantity more than 0; for a correction also less than 0
     * @param recordedBy the subject of the token of who records it
     * @throws ProductNotFound there is no such product
     * @throws InsufficientStock less is available than is taken off; what is reserved cannot be taken
     * @throws IllegalArgumentException the quantity does not fit the kind
     */
    @Transactional
    public Recorded record(String sku, MovementKind kind, long quantity, String reason, String recordedBy) {
        var product = Sku.parse(sku).orElseThrow(() -> new ProductNotFound(sku));
        var effect = kind.effect(quantity);
        var stock = stocks.add(product, effect)
                .orElseThrow(() -> stocks.find(product)
                        .<RuntimeException>map(left -> new InsufficientStock(product, left.available()))
                        .orElseGet(() -> new ProductNotFound(sku)));
        // PostgreSQL keeps microseconds: what is answered now is what is read later
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var movement = movements.save(new StockMovement(null, product, kind, effect, reason, recordedBy, now));
        return new Recorded(movement, stock);
    }

    /**
     * Returns the ledger of a product.
     *
     * @throws ProductNotFound there is no such product
     * @throws InvalidCursor the cursor does not belong to this ledger
     */
    @Transactional(readOnly = true)
    public Ledger ledger(String sku, @Nullable String cursor, int limit) {
        var stock = Sku.parse(sku).flatMap(stocks::find).orElseThrow(() -> new ProductNotFound(sku));
        var question = "stock-movements " + sku;
        var after = cursors.read(cursor, question);
        var before = after == null ? Long.MAX_VALUE : Long.parseLong(after.id());
        var found = movements.olderThan(sku, before, limit + 1);
        var page = Page.of(found, limit, last -> new Position("", String.valueOf(last.id())));
        return new Ledger(cursors.listing(page, question), stock);
    }
}
