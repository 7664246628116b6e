package dev.feira.catalog.events;

import dev.feira.catalog.domain.Product;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.StockEvents;
import dev.feira.catalog.domain.Text;
import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * Stores the events of the stock in the outbox. The types and their data are an interface: {@code docs/events} describes them,
 * and a member is added, but never changed or removed, within a version.
 */
@Component
class OutboxStockEvents implements StockEvents {

    private final Outbox outbox;

    OutboxStockEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The data of {@code stock.low.v1}. */
    private record Low(String sku, Text name, long available, long reorderLevel) {}

    /**
     * {@inheritDoc}
     *
     * <p>Two events of one product that follow at once may have their places exchanged in the feed: a reservation writes its row
     * before it waits for the stock. To lock the stock first would let all buyers of a product wait longer. Their times differ.
     */
    @Override
    public void becameLow(Product product, Stock stock, Instant at) {
        var sku = stock.sku().value();
        outbox.append(new OutboxEvent(
                "product",
                sku,
                "stock.low.v1",
                new Low(sku, product.name(), stock.available(), stock.reorderLevel()),
                at));
    }
}
