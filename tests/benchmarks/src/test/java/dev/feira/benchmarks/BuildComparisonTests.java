package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildComparisonTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "order, CPU ms, order-service|0.50|≤ 0.50 × before, reached",
                "order, CPU ms, order-service|0.51|≤ 0.50 × before, missed",
                "order, CPU ms, all processes|1.05|≤ 1.05 × before, reached",
                "memory idle, MiB PSS, all processes|1.06|≤ 1.05 × before, missed",
                "start, s|1.06|≤ 1.05 × before, missed",
                "product lists per second, through the gateway|0.95|≥ 0.95 × before, reached",
                "orders per second|0.94|≥ 0.95 × before, missed",
                "gateway, throughput ÷ service's|0.94|≥ 0.95 × before, missed",
            })
    void requiresHalfTheCpuTimeOfAnOrderAndAllowsFivePercentOtherwise(String figure, double ratio, String aim) {
        assertThat(BuildComparison.comparison(figure, ratio)).isEqualTo(aim);
    }

    @Test
    void hasNoAimForOtherFigures() {
        assertThat(BuildComparison.comparison("order, CPU ms, catalog-service", 2))
                .isEmpty();
    }
}
