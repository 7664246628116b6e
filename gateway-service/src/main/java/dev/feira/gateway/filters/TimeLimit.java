package dev.feira.gateway.filters;

import dev.feira.gateway.routing.UpstreamException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends work after a given time by interrupting its thread. A virtual thread that waits for a socket, a lock or a
 * connection of the pool is released at once, and the socket is closed. The read timeout of an HTTP client would start
 * again with each byte of a slow response.
 */
final class TimeLimit {

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private TimeLimit() {}

    /**
     * Runs {@code work} in the current thread, which must be a virtual one.
     *
     * @throws UpstreamException of kind {@code TIMEOUT} if the work failed after its time was up
     */
    static <T> T run(Duration limit, Callable<T> work) throws Exception {
        var alarm = new Alarm(Thread.currentThread());
        var scheduled = CLOCK.schedule(alarm, limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return work.call();
        } catch (Exception e) {
            throw alarm.hasFired() ? new UpstreamException(UpstreamException.Kind.TIMEOUT, e) : e;
        } finally {
            scheduled.cancel(false);
            alarm.end();
        }
    }

    private static ScheduledThreadPoolExecutor clock() {
        var clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("time-limits").daemon().factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /** Interrupts the thread only while the work runs, and leaves no interrupt behind. */
    private static final class Alarm implements Runnable {

        private final Thread thread;
        private boolean fired;
        private boolean ended;

        Alarm(Thread thread) {
            this.thread = thread;
        }

        @Override
        public synchronized void run() {
            if (!ended) {
                fired = true;
                thread.interrupt();
            }
        }

        synchronized boolean hasFired() {
            return fired;
        }

        synchronized void end() {
            ended = true;
            if (fired) {
                Thread.interrupted();
            }
        }
    }
}
