package dev.feira.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.config.OrderProperties;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferHeaderTests {

    private final PreferHeader preference = new PreferHeader(new OrderProperties(
            BigDecimal.TEN,
            Duration.ofSeconds(10),
            Duration.ofMillis(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=2|2",
                "respond-async, wait=3|3",
                "wait=\"4\"; x=y|4",
                "wait = 5|5",
                "wait=600|10",
                "wait=0|0",
                "wait=-1|0",
                "wait=soon|0",
                "wait=99999999999999|0",
                "return=minimal|0"
            })
    void limitsRequestedWait(String header, int seconds) {
        assertThat(preference.wait(List.of(header))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void returnsZeroWithoutHeader() {
        assertThat(preference.wait(null)).isZero();
    }
}
