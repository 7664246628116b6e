package dev.feira.benchmarks;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** Tells the person who waits what is being measured: a line when it begins, and one every 5 s while it lasts. */
final class Progress {

    private static final long EVERY_SECONDS = 5;

    private final PrintWriter out;

    Progress(PrintWriter out) {
        this.out = out;
    }

    synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Something that takes longer than a moment; closing it ends its lines. */
    Step begin(String what) {
        return begin(what, () -> "");
    }

    /** As {@link #begin(String)}; {@code howFar} is asked again and again, from another thread. */
    Step begin(String what, Supplier<String> howFar) {
        say("… " + what);
        var began = System.nanoTime();
        var telling = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Thread.sleep(EVERY_SECONDS * 1000);
                    var detail = howFar.get();
                    say("    %s%s (%d s)"
                            .formatted(
                                    what,
                                    detail.isEmpty() ? "" : ": " + detail,
                                    (System.nanoTime() - began) / 1_000_000_000));
                }
            } catch (InterruptedException e) {
                // The step is over
            }
        });
        return telling::interrupt;
    }

    /** Waits, and says so. */
    void pause(String why, int seconds) throws InterruptedException {
        try (var _ = begin("%s, %d s".formatted(why, seconds))) {
            Thread.sleep(seconds * 1000L);
        }
    }

    /** What is under way. */
    @FunctionalInterface
    interface Step extends AutoCloseable {
        @Override
        void close();
    }
}
