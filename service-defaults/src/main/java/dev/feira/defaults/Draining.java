package dev.feira.defaults;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Sends kept-alive connections elsewhere before the server stops: for a while after the signal to stop, requests are still
 * served, and each answer carries {@code Connection: close} (RFC 9112, section 9.6). Without it a client that has kept its
 * connection sends the next request into a connection that the stopping server closes, and sees a failure.
 *
 * <p>Before everything else that stops. Takes {@code feira.shutdown.drain}, nothing where that is zero: one instance alone has
 * nowhere to send anybody.
 */
final class Draining implements SmartLifecycle, Filter {
    private final Duration time;
    private volatile boolean running;
    private volatile boolean draining;

    Draining(Duration time) {
        this.time = time;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (draining && response instanceof HttpServletResponse answer) {
            answer.setHeader("Connection", "close");
        }
        chain.doFilter(request, response);
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
