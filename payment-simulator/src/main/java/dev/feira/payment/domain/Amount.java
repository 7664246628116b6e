package dev.feira.payment.domain;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;

/** An amount of money: {@code {"amount": "3.20", "currency": "EUR"}}. */
public record Amount(
        @NotNull @Pattern(
                regexp = "(?!0+\\.00)\\d{1,8}\\.\\d{2}",
                message = "must be more than 0, with two decimals, e.g. \"3.20\"")
        String amount,

        @NotNull @Pattern(regexp = "EUR", message = "must be EUR") String currency) {

    public static Amount of(BigDecimal euros) {
        return new Amount(euros.setScale(2).toPlainString(), "EUR");
    }

    public BigDecimal euros() {
        return new BigDecimal(amount);
    }
}
