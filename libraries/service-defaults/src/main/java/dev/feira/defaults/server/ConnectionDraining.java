package dev.feira.defaults.server;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Delays the shutdown by {@code feira.shutdown.drain} while requests are still served, and {@link ConnectionCloseValve} closes
 * each connection with its response. Clients then reconnect to other instances. Without it a client may send a request on a
 * kept-alive connection that the server closes at that moment.
 */
final class ConnectionDraining implements SmartLifecycle {
    private final Duration time;
    private volatile boolean running;
    private volatile boolean draining;

    ConnectionDraining(Duration time) {
        this.time = time;
    }

    /** Returns whether the shutdown has begun. */
    boolean hasBegun() {
        return draining;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable done) {
        draining = true;
        Thread.ofVirtual().name("draining").start(() -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            running = false;
            done.run();
        });
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE; // stops first: the web server is in a lower phase
    }
}
