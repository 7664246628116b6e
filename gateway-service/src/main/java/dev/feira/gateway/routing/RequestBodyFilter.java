package dev.feira.gateway.routing;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads a request's body before anything else is spent on it. A client that sends slowly holds neither a permit nor a
 * connection to a service. A retry can send the body again, and the service gets it with its length. A servlet filter,
 * since the library's {@code RequestSize} trusts {@code Content-Length} and its proxy reads the body only while it
 * holds a connection.
 */
@Component
class RequestBodyFilter extends OncePerRequestFilter {

    private static final int CHUNK = 16 * 1024;
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final long limit;
    private final long memory;
    private final Duration time;
    private final AtomicLong inMemory = new AtomicLong();

    RequestBodyFilter(ForwardingProperties settings) {
        this.limit = settings.requestSize().toBytes();
        this.memory = settings.requestMemory().toBytes();
        this.time = settings.requestTime();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!isUrl(request.getRequestURI())) {
            throw new ProblemException(GatewayProblem.invalid("The address is not a valid URL."));
        }
        var body = read(request);
        if (SAFE.contains(request.getMethod())) { // a file or a list may be read slowly
            inMemory.addAndGet(-body.length);
            chain.doFilter(new ReadRequest(request, body), response);
            return;
        }
        try {
            chain.doFilter(new ReadRequest(request, body), response);
        } finally {
            inMemory.addAndGet(-body.length);
        }
    }

    /** Tomcat accepts {@code [} and {@code ]} in a path, which RFC 3986 does not: the proxy cannot forward them. */
    private static boolean isUrl(String path) {
        try {
            new URI(path);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * Returns the body, empty without one. It counts as in memory; that of an unsafe method until the request has its
     * response.
     *
     * @throws ProblemException 413 over the limit, 503 if all bodies together exceed theirs, 408 if the client sends too
     *     slowly
     */
    byte[] read(HttpServletRequest request) {
        var length = request.getContentLengthLong();
        if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
            return new byte[0];
        }
        if (length > limit) {
            throw tooLarge();
        }
        var start = System.nanoTime(); // the connector's timeout is for each read: a slow client would never exceed it
        var read = 0L;
        var counted = 0L;
        var complete = false;
        var body = new ByteArrayOutputStream(length < 0 ? CHUNK : (int) Math.min(length, CHUNK));
        try {
            var stream = request.getInputStream();
            var chunk = new byte[CHUNK];
            for (int count; (count = stream.read(chunk)) >= 0; ) {
                read += count;
                if (System.nanoTime() - start >= time.toNanos()) {
                    throw incomplete();
                }
                if (read > limit) {
                    throw tooLarge();
                }
                counted += count;
                if (inMemory.addAndGet(count) > memory) {
                    throw new ProblemException(GatewayProblem.unavailable(
                            "The gateway is receiving too many large bodies. Retry after 1 second.",
                            Duration.ofSeconds(1)));
                }
                body.write(chunk, 0, count);
            }
            complete = true;
            return body.toByteArray();
        } catch (IOException e) {
            throw incomplete();
        } finally {
            if (!complete) {
                inMemory.addAndGet(-counted);
            }
        }
    }

    private static ProblemException incomplete() {
        return new ProblemException(new GatewayProblem(
                HttpStatus.REQUEST_TIMEOUT,
                "invalid-request",
                "The body is incomplete: it did not arrive in time.",
                null));
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                GatewayProblem.tooLarge("The body is larger than the %d KB allowed.".formatted(limit / 1024)));
    }

    /** A request whose body can be read any number of times. */
    private static final class ReadRequest extends HttpServletRequestWrapper {

        private final byte[] body;

        ReadRequest(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public long getContentLengthLong() {
            return body.length;
        }

        @Override
        public ServletInputStream getInputStream() {
            return new BodyStream(new ByteArrayInputStream(body));
        }
    }

    /** Reads a body in memory. */
    private static final class BodyStream extends ServletInputStream {

        private final ByteArrayInputStream body;

        BodyStream(ByteArrayInputStream body) {
            this.body = body;
        }

        @Override
        public int read() {
            return body.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return body.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
            return body.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("the body is read without waiting");
        }
    }
}
