package dev.feira.order.web;

import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.OrderLine;
import org.jspecify.annotations.Nullable;

/** One product of an order. */
record LineResponse(
        String sku,
        LocalizedText name,
        String unit,
        @Nullable String picture,
        int quantity,
        MoneyResponse unitPrice,
        MoneyResponse lineTotal,
        String vatRate) {

    static LineResponse of(OrderLine line) {
        return new LineResponse(
                line.sku(),
                line.name(),
                line.unit(),
                line.picture(),
                line.quantity(),
                MoneyResponse.of(line.unitPrice()),
                MoneyResponse.of(line.total()),
                rate(line));
    }

    /** Formats the VAT rate like the catalog, with at least two decimals. */
    private static String rate(OrderLine line) {
        var rate = line.vatRate().stripTrailingZeros();
        return (rate.scale() < 2 ? rate.setScale(2) : rate).toPlainString();
    }
}
