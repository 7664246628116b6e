package dev.feira.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Figures of several rounds. */
record Figures(double[] values) {

    static Figures of(Collection<Double> values) {
        return new Figures(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The middle one; of an even number the mean of the two in the middle; NaN where there are none. */
    double median() {
        if (values.length == 0) {
            return Double.NaN;
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least() {
        return Arrays.stream(values).min().orElse(Double.NaN);
    }

    double most() {
        return Arrays.stream(values).max().orElse(Double.NaN);
    }

    /** E.g. {@code 0.31 (0.29–0.33)}: the median, and the rounds' least and most. */
    String withSpread(String format) {
        return values.length < 2
                ? String.format(Locale.ROOT, format, median())
                : String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median(), least(), most());
    }
}
