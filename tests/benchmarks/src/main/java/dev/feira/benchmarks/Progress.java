package dev.feira.benchmarks;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** Prints what is being measured: a line when a step begins, and one every 5 s while it lasts. */
final class Progress {

    private static final long INTERVAL_SECONDS = 5;

    private final PrintWriter out;

    Progress(PrintWriter out) {
        this.out = out;
    }

    synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Begins a step that takes longer than a moment; closing it ends its lines. */
    Step begin(String what) {
        return begin(what, () -> "");
    }

    /** Begins a step whose lines show {@code detail}, which another thread calls repeatedly. */
    Step begin(String what, Supplier<String> detail) {
        say("… " + what);
        var began = System.nanoTime();
        var printing = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Thread.sleep(INTERVAL_SECONDS * 1000);
                    var shown = detail.get();
                    var seconds = (System.nanoTime() - began) / 1_000_000_000;
                    say("    %s%s (%d s)".formatted(what, shown.isEmpty() ? "" : ": " + shown, seconds));
                }
            } catch (InterruptedException e) {
                // The step has ended
            }
        });
        return printing::interrupt;
    }

    /** Waits, and prints why. */
    void pause(String why, int seconds) throws InterruptedException {
        try (var _ = begin("%s, %d s".formatted(why, seconds))) {
            Thread.sleep(seconds * 1000L);
        }
    }

    /** A step in progress. */
    @FunctionalInterface
    interface Step extends AutoCloseable {
        @Override
        void close();
    }
}
