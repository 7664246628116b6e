package dev.feira.order.application;

import dev.feira.order.catalog.Catalog;
import dev.feira.order.catalog.CatalogPrice;
import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Totals;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Service;

/** Prices lines, always with the catalog's prices. */
@Service
public class Quotation {

    private final Catalog catalog;
    private final Money largest;

    Quotation(Catalog catalog, OrderProperties settings) {
        this.catalog = catalog;
        this.largest = Money.euros(settings.maxTotal());
    }

    /**
     * Prices these lines, without regard to their stock.
     *
     * @param requested each product once, 1 to 100 lines
     * @throws InvalidOrder a product is not sold, or the total is too large
     * @throws CatalogUnavailable the catalog gives no prices: retry later
     */
    public Quote quote(List<RequestedLine> requested) {
        var list = catalog.prices(requested.stream().map(RequestedLine::sku).toList());
        if (!list.unknown().isEmpty()) {
            throw new InvalidOrder.UnknownProducts(list.unknown());
        }
        var prices = list.prices();
        var archived = prices.values().stream()
                .filter(CatalogPrice::archived)
                .map(CatalogPrice::sku)
                .sorted()
                .toList();
        if (!archived.isEmpty()) {
            throw new InvalidOrder.ProductsArchived(archived);
        }
        var available = new HashMap<String, Long>();
        var lines = requested.stream()
                .map(line -> {
                    var price = Objects.requireNonNull(prices.get(line.sku()));
                    available.put(line.sku(), price.available());
                    return new OrderLine(
                            price.sku(),
                            price.name(),
                            price.unit(),
                            price.picture(),
                            line.quantity(),
                            price.price(),
                            price.vatRate());
                })
                .toList();
        var totals = Totals.of(lines);
        if (totals.gross().amount().compareTo(largest.amount()) > 0) {
            throw new InvalidOrder.TotalTooLarge(largest);
        }
        return new Quote(lines, totals, available);
    }
}
