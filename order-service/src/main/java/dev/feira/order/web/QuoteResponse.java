package dev.feira.order.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.feira.order.application.Quote;
import java.util.List;

/** The current price of an order. */
record QuoteResponse(List<Line> lines, TotalsResponse totals) {

    /** One product of a quote; {@code available} may be less than its quantity. */
    record Line(@JsonUnwrapped LineResponse line, long available) {}

    static QuoteResponse of(Quote quote) {
        return new QuoteResponse(
                quote.lines().stream()
                        .map(line -> new Line(
                                LineResponse.of(line), quote.available().getOrDefault(line.sku(), 0L)))
                        .toList(),
                TotalsResponse.of(quote.totals()));
    }
}
