package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
        var times = new LoadResult(
                        List.of(response("", 3_000_000), response("", 1_000_000), response("", 2_000_000)),
                        Duration.ofSeconds(1))
                .milliseconds();

        assertThat(times.percentile(0.5)).isEqualTo(2);
        assertThat(times.percentile(0.99)).isEqualTo(3);
    }

    @Test
    void returnsNaNForNoValue() {
        assertThat(Figures.of(List.of()).median()).isNaN();
        assertThat(Figures.of(List.of()).percentile(0.99)).isNaN();
    }

    @Test
    void countsFailuresByReason() {
        var result = new LoadResult(
                List.of(
                        response("", 1),
                        response("429", 1),
                        response("429", 1),
                        response("503 without Retry-After", 1)),
                Duration.ofSeconds(2));

        assertThat(result.perSecond()).isEqualTo(0.5);
        assertThat(result.reasons()).containsEntry("429", 2L).containsEntry("503 without Retry-After", 1L);
        assertThat(result.count(LoadResult.Response::isRejected)).isEqualTo(3);
    }

    @Test
    void comparesRoundsPairByPair() {
        var pairs = new GuardCostBenchmark.Pairs(List.of(10.0, 20.0), List.of(20.0, 20.0));

        assertThat(pairs.ratios().median()).isEqualTo(0.75);
        assertThat(pairs.differences().median()).isEqualTo(-5);
    }

    private static LoadResult.Response response(String failure, long nanos) {
        return new LoadResult.Response(failure, nanos, nanos);
    }
}
