package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTests {

    @Test
    void returnsMeanOfTheTwoMiddleValuesAsMedianOfAnEvenCount() {
        assertThat(Figures.of(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
        assertThat(Figures.of(List.of(9.0, 1.0, 3.0)).median()).isEqualTo(3);
    }

    @Test
    void formatsMedianWithLeastAndMost() {
        assertThat(Figures.of(List.of(0.2, 0.4, 0.3)).withSpread("%.1f")).isEqualTo("0.3 (0.2–0.4)");
        assertThat(Figures.of(List.of(0.2)).withSpread("%.1f")).isEqualTo("0.2");
    }

    @Test
    void returnsPercentilesInMilliseconds() {
        var latencies = Latencies.of(List.of(new long[] {3_000_000, 1_000_000}, new long[] {2_000_000}));

        assertThat(latencies.percentile(0.5)).isEqualTo(2);
        assertThat(latencies.percentile(0.99)).isEqualTo(3);
    }

    @Test
    void comparesRoundsPairByPair() {
        var pairs = new GuardCostBenchmark.Pairs(List.of(10.0, 20.0), List.of(20.0, 20.0));

        assertThat(pairs.ratios().median()).isEqualTo(0.75);
        assertThat(pairs.differences().median()).isEqualTo(-5);
    }
}
