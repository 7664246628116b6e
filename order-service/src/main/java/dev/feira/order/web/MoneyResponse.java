package dev.feira.order.web;

import dev.feira.order.domain.Money;
import io.swagger.v3.oas.annotations.media.Schema;

/** Money as text with two decimals. */
record MoneyResponse(
        @Schema(example = "3.20") String amount,
        @Schema(example = "EUR") String currency) {

    static MoneyResponse of(Money money) {
        return new MoneyResponse(money.amount().toPlainString(), money.currency());
    }
}
