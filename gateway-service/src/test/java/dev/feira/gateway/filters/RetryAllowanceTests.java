package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryAllowanceTests {

    @Test
    void limitsRetriesAtOnceToTheReserve() {
        var allowance = new RetryAllowance(0.1, 5);

        assertThat(spent(allowance, 20)).isEqualTo(5);
    }

    @Test
    void addsOneRetryForTenRequests() {
        var allowance = new RetryAllowance(0.1, 5);
        spent(allowance, 5);

        IntStream.range(0, 30).forEach(_ -> allowance.earn());

        assertThat(spent(allowance, 20)).isEqualTo(3);
    }

    @Test
    void limitsSavedRetriesToTheReserve() {
        var allowance = new RetryAllowance(1, 5);

        IntStream.range(0, 1_000).forEach(_ -> allowance.earn());

        assertThat(spent(allowance, 20)).isEqualTo(5);
    }

    private static long spent(RetryAllowance allowance, int tries) {
        return IntStream.range(0, tries).filter(_ -> allowance.spend()).count();
    }
}
