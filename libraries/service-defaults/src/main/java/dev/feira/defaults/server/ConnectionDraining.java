package dev.feira.defaults.server;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Sends kept-alive connections elsewhere before the server stops: for a while after the signal to stop, requests are still
 * served, and {@link ConnectionCloseValve} lets each answer end its connection. Without it a client that has kept its
 * connection sends the next request into a connection that the stopping server closes, and sees a failure.
 *
 * <p>Before everything else that stops. Takes {@code feira.shutdown.drain}, nothing where that is zero: one instance alone has
 * nowhere to send anybody.
 */
final class ConnectionDraining implements SmartLifecycle {
    private final Duration time;
    private volatile boolean running;
    private volatile boolean draining;

    ConnectionDraining(Duration time) {
        this.time = time;
    }

    /** Whether the service was told to stop. */
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
