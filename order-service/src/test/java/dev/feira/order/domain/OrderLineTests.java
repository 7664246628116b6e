package dev.feira.order.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "5.00, 2, 0.00, 10.00, 0.00",
        "10.55, 1, 0.055, 10.00, 0.55",
        "3.20, 3, 0.055, 9.10, 0.50", // 9.0995…
        "0.09, 1, 0.055, 0.09, 0.00", // 0.0853…
        "1.00, 1, 0.0625, 0.94, 0.06",
        "4.99, 999, 0.055, 4725.13, 259.88"
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

    @ParameterizedTest
    @ValueSource(strings = {"0.055", "0.0625", "0.0001", "0.9999"})
    void addsUpTotalsOfRatesWithMoreDigits(String rate) {
        for (var cents = 1; cents <= 1_000; cents++) {
            var price = BigDecimal.valueOf(cents, 2).toPlainString();
            var totals = Totals.of(List.of(line(price, 1, rate), line(price, 7, "0.06"), line("0.01", 3, rate)));
            assertThat(totals.net().plus(totals.vat())).isEqualTo(totals.gross());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.05555", "-0.01", "10"})
    void rejectsRateThatCannotBeStoredExactly(String rate) {
        assertThatIllegalArgumentException().isThrownBy(() -> line("1.00", 1, rate));
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
