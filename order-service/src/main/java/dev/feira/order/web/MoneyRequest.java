package dev.feira.order.web;

import dev.feira.order.domain.Money;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** Money as text with two decimals. */
record MoneyRequest(
        @Schema(example = "3.20")
        @NotNull @Pattern(regexp = "\\d{1,8}\\.\\d{2}", message = "must have two decimals, e.g. 3.20") String amount,

        @Schema(example = "EUR") @NotNull @Pattern(regexp = "EUR", message = "must be EUR") String currency) {

    Money toMoney() {
        return Money.euros(amount);
    }
}
