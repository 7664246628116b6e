package dev.feira.local.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The current price of order lines; nothing is reserved. */
public record Quote(List<PricedLine> lines, Totals totals) {

    /** A line with its price; {@code available} is null in an order. */
    public record PricedLine(
            String sku,
            Text name,
            String unit,
            @Nullable String picture,
            int quantity,
            Money unitPrice,
            Money lineTotal,
            String vatRate,
            @Nullable Integer available) {}

    /** {@code gross = net + vat}. */
    public record Totals(Money net, Money vat, Money gross) {}
}
