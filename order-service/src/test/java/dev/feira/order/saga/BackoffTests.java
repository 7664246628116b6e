package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTests {

    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(8));

    @ParameterizedTest
    @CsvSource({"1, 100, 200", "2, 200, 400", "5, 1600, 3200", "6, 3200, 6400", "7, 4000, 8000", "1000000, 4000, 8000"})
    void doublesDelayUpToMaximumWithRandomHalf(int attempt, long least, long most) {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++) {
            assertThat(backoff.after(attempt, random).toMillis()).isBetween(least, most);
        }
    }

    @Test
    void randomizesDelay() {
        var random = new Random(1);
        assertThat(backoff.after(6, random)).isNotEqualTo(backoff.after(6, random));
    }
}
