package dev.feira.order.web;

import dev.feira.order.application.Quote;
import dev.feira.order.domain.LocalizedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The current price of an order. */
record QuoteResponse(List<Line> lines, TotalsResponse totals) {

    /** One product of a quote; {@code available} may be less than {@code quantity}. */
    record Line(
            String sku,
            LocalizedText name,
            String unit,
            @Nullable String picture,
            int quantity,
            MoneyResponse unitPrice,
            MoneyResponse lineTotal,
            String vatRate,
            long available) {}

    static QuoteResponse of(Quote quote) {
        return new QuoteResponse(
                quote.lines().stream()
                        .map(line -> new Line(
                                line.sku(),
                                line.name(),
                                line.unit(),
                                line.picture(),
                                line.quantity(),
                                MoneyResponse.of(line.unitPrice()),
                                MoneyResponse.of(line.total()),
                                LineResponse.rate(line),
                                quote.available().getOrDefault(line.sku(), 0L)))
                        .toList(),
                TotalsResponse.of(quote.totals()));
    }
}
