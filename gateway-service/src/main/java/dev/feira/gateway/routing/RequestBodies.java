package dev.feira.gateway.routing;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Reads a request's body before anything else is spent on it, so that a client that sends slowly holds neither a place
 * nor a connection to a service, and the service gets the body with its length.
 */
@Component
class RequestBodies {

    private static final int CHUNK = 16 * 1024;

    private final long limit;
    private final long memory;
    private final Duration time;
    private final AtomicLong inMemory = new AtomicLong();

    RequestBodies(ForwardingProperties settings) {
        this.limit = settings.requestSize().toBytes();
        this.memory = settings.requestMemory().toBytes();
        this.time = settings.requestTime();
    }

    /**
     * Returns the body, empty where there is none.
     *
     * @throws ProblemException 413 over the limit, 503 where all bodies together are over theirs, 408 where the client
     *     stalls, or trickles for too long
     */
    byte[] read(HttpServletRequest request) {
        var length = request.getContentLengthLong();
        if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
            return new byte[0];
        }
        if (length > limit) {
            throw tooLarge();
        }
        var deadline = Deadline.in(time); // each read has the connector's own; a byte now and then would keep to that
        var read = 0L;
        var counted = 0L;
        var body = new ByteArrayOutputStream(length < 0 ? CHUNK : (int) Math.min(length, CHUNK));
        try {
            var stream = request.getInputStream();
            var chunk = new byte[CHUNK];
            for (int count; (count = stream.read(chunk)) >= 0; ) {
                read += count;
                if (deadline.remaining().isZero()) {
                    throw incomplete();
                }
                if (read > limit) {
                    throw tooLarge();
                }
                counted += count;
                if (inMemory.addAndGet(count) > memory) {
                    throw new ProblemException(GatewayProblem.unavailable(
                            "Too much is being uploaded at the moment. Please try again.", Duration.ofSeconds(1)));
                }
                body.write(chunk, 0, count);
            }
            return body.toByteArray();
        } catch (IOException e) {
            throw incomplete();
        } finally {
            inMemory.addAndGet(-counted); // the array lives on, in a number that the places bound
        }
    }

    private static ProblemException incomplete() {
        return new ProblemException(new GatewayProblem(
                HttpStatus.REQUEST_TIMEOUT, "invalid-request", "The body did not arrive completely.", null));
    }

    private ProblemException tooLarge() {
        return new ProblemException(GatewayProblem.tooLarge("The body is larger than the %d KB allowed.".formatted(limit / 1024)));
    }
}
