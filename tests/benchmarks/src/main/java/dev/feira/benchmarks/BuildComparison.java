package dev.feira.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Measures one build, or two on the same machine in turn. Two builds never run at the same time, so neither takes the
 * other's CPU time or memory; the order alternates from round to round.
 */
final class BuildComparison {

    private static final double TOLERANCE = 0.05;

    private static final double GATEWAY_AIM = 0.28;

    private final BenchmarkContext context;
    private final Report report;
    private final Progress progress;
    private final PlatformBenchmark benchmark;
    private final Measurements after = new Measurements();
    private final Measurements before = new Measurements();

    BuildComparison(BenchmarkContext context, int portOffset) {
        this.context = context;
        this.report = context.report();
        this.progress = context.progress();
        this.benchmark = new PlatformBenchmark(context, portOffset);
    }

    /** @param other the build before; null to measure the workspace alone */
    void run(@Nullable Workspace other) throws IOException, InterruptedException, SQLException {
        context.workspace().run(progress, "train");
        if (other != null) {
            other.run(progress, "train");
        }
        for (var round = 0; round < context.settings().rounds(); round++) {
            progress.say(
                    "Round %d of %d".formatted(round + 1, context.settings().rounds()));
            if (other != null && round % 2 == 0) {
                benchmark.measure(other, before);
            }
            benchmark.measure(context.workspace(), after);
            if (other != null && round % 2 != 0) {
                benchmark.measure(other, before);
            }
        }
        report(other != null);
    }

    private void report(boolean compares) {
        var table = new ArrayList<List<String>>();
        table.add(
                compares
                        ? List.of("what", "before", "after", "after ÷ before", "aim")
                        : List.of("what", "reached †", "aim"));
        for (var figure : after.figures()) {
            var now = after.get(figure);
            var alone = limit(figure, now.median());
            if (compares) {
                var old = before.get(figure);
                var ratio = now.median() / old.median();
                var compared = comparison(figure, ratio);
                table.add(List.of(
                        figure,
                        old.withSpread(format(old)),
                        now.withSpread(format(now)),
                        Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "",
                        alone.isEmpty() || compared.isEmpty() ? alone + compared : alone + "; " + compared));
            } else {
                table.add(List.of(figure, now.withSpread(format(now)), alone));
            }
        }
        report.chapter(compares ? "Before and after" : "Platform");
        report.table(table);
        report.paragraph(PlatformBenchmark.method(context.settings()));
        if (compares) {
            report.paragraph("""
                Before and after take turns, and the order alternates from round to round: they never run at the same time. Each runs in
                a workspace with data of its own.
                """);
        }
    }

    /** The aims of a build alone. */
    private static String limit(String figure, double value) {
        if (figure.equals(PlatformBenchmark.RATIO)) {
            return Report.aim("≥ 0.28", value >= GATEWAY_AIM);
        }
        var limit = switch (figure) {
            case PlatformBenchmark.START -> 25;
            case "memory idle, MiB PSS, all processes", "memory after the load, MiB PSS, all processes" -> 1536;
            case PlatformBenchmark.TRANSACTIONS + "orders" -> 8;
            case PlatformBenchmark.STATEMENTS + "orders" -> 25;
            default -> 0;
        };
        return limit == 0 ? "" : Report.aim("≤ " + limit, value <= limit);
    }

    /** An order must take at most half of the CPU time of order-service, and nothing may be worse by more than 5 %. */
    static String comparison(String figure, double ratio) {
        if (figure.equals(PlatformBenchmark.ORDER_CPU + "order-service")) {
            return Report.aim("≤ 0.50 × before", ratio <= 0.5);
        }
        if (figure.contains("per second") || figure.equals(PlatformBenchmark.RATIO)) {
            return Report.aim("≥ 0.95 × before", ratio >= 1 - TOLERANCE);
        }
        return figure.endsWith(PlatformBenchmark.ALL) || figure.equals(PlatformBenchmark.START)
                ? Report.aim("≤ 1.05 × before", ratio <= 1 + TOLERANCE)
                : "";
    }

    private static String format(Figures figures) {
        return figures.median() >= 100 ? "%.0f" : figures.median() >= 10 ? "%.1f" : "%.2f";
    }
}
