package dev.feira.benchmarks;

import java.util.Collection;
import java.util.Locale;

/**
 * The values of several rounds, or of several responses.
 *
 * @param sorted ascending
 */
record Figures(double[] sorted) {

    static Figures of(Collection<Double> values) {
        return new Figures(
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /** Returns the middle value, for an even count the mean of the two middle values, NaN for none. */
    double median() {
        var middle = sorted.length / 2;
        return sorted.length == 0 || sorted.length % 2 == 1
                ? percentile(0.5)
                : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the value below which the share {@code q} of them is, NaN for none. */
    double percentile(double q) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, q * sorted.length)];
    }

    double least() {
        return percentile(0);
    }

    double most() {
        return percentile(1);
    }

    /** Formats the median with the least and the most, e.g. {@code 0.31 (0.29–0.33)}. */
    String withSpread(String format) {
        return sorted.length < 2
                ? String.format(Locale.ROOT, format, median())
                : String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median(), least(), most());
    }
}
