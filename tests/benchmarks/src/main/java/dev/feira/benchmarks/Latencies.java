package dev.feira.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/** How long answers took. */
final class Latencies {

    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    /** @param parts nanoseconds, in any order */
    static Latencies of(Collection<long[]> parts) {
        return new Latencies(
                parts.stream().flatMapToLong(Arrays::stream).sorted().toArray());
    }

    int count() {
        return sorted.length;
    }

    /** Milliseconds below which the share {@code q} of them is; NaN where there are none. */
    double percentile(double q) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, q * sorted.length)] / 1e6;
    }
}
