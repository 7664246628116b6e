package dev.feira.catalog.application;

import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.Product;
import dev.feira.catalog.domain.Products;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.StockChange;
import dev.feira.catalog.domain.StockEvents;
import dev.feira.catalog.domain.Stocks;
import dev.feira.catalog.domain.Transfer;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Stores changes of the stock and their events in the caller's transaction. */
@Component
class StockChanges {

    private final Stocks stocks;
    private final Products products;
    private final StockEvents events;
    private final Clock clock;

    StockChanges(Stocks stocks, Products products, StockEvents events, Clock clock) {
        this.stocks = stocks;
        this.products = products;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Changes the available stock unless it would become negative.
     *
     * @return the new stock, or nothing if the product does not exist or stock is short
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Stock> add(Sku sku, long change) {
        return recorded(stocks.add(sku, change));
    }

    /**
     * Moves all lines from one account to another, or none.
     *
     * @return whether all lines were moved
     */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean move(Lines lines, Transfer transfer) {
        var changes = stocks.move(lines, transfer);
        changes.ifPresent(this::record);
        return changes.isPresent();
    }

    /**
     * Sets the reorder level of a product; 0 removes it.
     *
     * @return the stock with the new level, or nothing if the product does not exist
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Stock> setReorderLevel(Sku sku, long level) {
        return recorded(stocks.setReorderLevel(sku, level));
    }

    private Optional<Stock> recorded(Optional<StockChange> change) {
        change.ifPresent(made -> record(List.of(made)));
        return change.map(StockChange::stock);
    }

    /** Reads the products only when one has become low, which few changes cause. */
    private void record(List<StockChange> changes) {
        var low = changes.stream()
                .filter(StockChange::becameLow)
                .map(StockChange::stock)
                .toList();
        if (low.isEmpty()) {
            return;
        }
        var named = products.findAll(low.stream().map(Stock::sku).toList()).stream()
                .map(Offer::product)
                .collect(Collectors.toMap(Product::sku, Function.identity()));
        var now = clock.instant();
        for (var stock : low) {
            events.becameLow(Objects.requireNonNull(named.get(stock.sku())), stock, now);
        }
    }
}
