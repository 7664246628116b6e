package dev.feira.order.web;

import dev.feira.order.domain.Totals;

/** Totals; VAT is rounded half up for each line. */
record TotalsResponse(MoneyResponse net, MoneyResponse vat, MoneyResponse gross) {

    static TotalsResponse of(Totals totals) {
        return new TotalsResponse(
                MoneyResponse.of(totals.net()), MoneyResponse.of(totals.vat()), MoneyResponse.of(totals.gross()));
    }
}
