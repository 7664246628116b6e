package dev.feira.order.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderLineTests {

    static OrderLine line(String price, int quantity, String rate) {
        return new OrderLine(
                "A-1",
                new LocalizedText("Apple", "Maçã"),
                "kg",
                null,
                quantity,
                Money.euros(price),
                new BigDecimal(rate));
    }

    @ParameterizedTest
    @CsvSource({
        "1.06, 1, 0.06, 1.00, 0.06",
        "3.20, 1, 0.06, 3.02, 0.18",
        "0.01, 1, 0.23, 0.01, 0.00",
        "2.05, 1, 0.64, 1.25, 0.80", // 1.25 exactly
        "1.01, 3, 0.23, 2.46, 0.57", // 2.4634…
        "4.99, 999, 0.13, 4411.51, 573.50",
        "5.00, 2, 0.00, 10.00, 0.00"
    })
    void roundsNetAndVatOncePerLine(String price, int quantity, String rate, String net, String vat) {
        var line = line(price, quantity, rate);
        assertThat(line.net()).isEqualTo(Money.euros(net));
        assertThat(line.vat()).isEqualTo(Money.euros(vat));
    }

    @Test
    void roundsHalfACentUp() {
        // 0.03 / 1.20 = 0.025
        assertThat(line("0.03", 1, "0.20").net()).isEqualTo(Money.euros("0.03"));
    }

    @Test
    void addsUpTotalsToTheCent() {
        var totals = Totals.of(List.of(line("0.99", 7, "0.06"), line("1.37", 3, "0.23"), line("12.49", 1, "0.13")));
        assertThat(totals.gross()).isEqualTo(Money.euros("23.53"));
        assertThat(totals.net().plus(totals.vat())).isEqualTo(totals.gross());
    }

    @Test
    void rejectsQuantityBelowOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> line("1.00", 0, "0.06"));
    }

    @Test
    void rejectsFractionsOfCentsAndNegativeAmounts() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Money.euros("1.005"));
        assertThatIllegalArgumentException().isThrownBy(() -> Money.euros("-0.01"));
    }

    @Test
    void rejectsSumOfDifferentCurrencies() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.euros("1.00").plus(new Money(new BigDecimal("1.00"), "USD")));
    }
}
