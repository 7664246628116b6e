package dev.feira.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the chosen subjects one after the other; each adds its figures to the report. */
final class BenchmarkSuite {

    /** What is measured, each independent of the others. */
    enum Subject {
        PLATFORM,
        COMPARE,
        GUARDS,
        OVERLOAD,
        OUTAGE,
        SEARCH,
        EVENTS
    }

    private final BenchmarkContext context;
    private final int portOffset;

    BenchmarkSuite(BenchmarkContext context, int portOffset) {
        this.context = context;
        this.portOffset = portOffset;
    }

    /** @param before the other build of {@link Subject#COMPARE}; null without it */
    void run(Set<Subject> subjects, @Nullable Workspace before) throws IOException, InterruptedException, SQLException {
        for (var subject : subjects) {
            switch (subject) {
                case PLATFORM -> new BuildComparison(context, portOffset).run(null);
                case COMPARE -> new BuildComparison(context, portOffset).run(before);
                case GUARDS -> new GuardCostBenchmark(context).run();
                case OVERLOAD -> new OverloadBenchmark(context).run();
                case OUTAGE -> new HungServiceBenchmark(context).run();
                case SEARCH -> new SearchBenchmark(context).run();
                case EVENTS -> new EventBenchmark(context).run();
            }
        }
    }
}
