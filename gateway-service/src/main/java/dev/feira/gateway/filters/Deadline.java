package dev.feira.gateway.filters;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.ServiceResponses;
import dev.feira.gateway.routing.UpstreamException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Limits the time from here to a complete response: waiting for a permit, all attempts, and the body up to the size of
 * the response buffer. A larger body is streamed and limited by {@code response-timeout} for each read. The library has
 * one read timeout for all routes, which bounds neither retries nor a slow response.
 */
record Deadline(long nanoTime) {

    private static final String ATTRIBUTE = Deadline.class.getName();

    /**
     * Handles the request within {@code duration}, to which a {@code Prefer: wait} is added.
     *
     * @throws ProblemException 504 when the time is up, 503 when the service cannot be reached or breaks off
     */
    static ServerResponse filter(Duration duration, ServerRequest request, HandlerFunction<ServerResponse> next)
            throws Exception {
        var limit = duration.plus(PreferWait.of(request));
        request.servletRequest().setAttribute(ATTRIBUTE, new Deadline(System.nanoTime() + limit.toNanos()));
        try {
            return TimeLimit.run(limit, () -> next.handle(request));
        } catch (UpstreamException e) {
            throw new ProblemException(problem(request, e.kind()));
        }
    }

    private static GatewayProblem problem(ServerRequest request, UpstreamException.Kind kind) {
        return switch (kind) {
            case TIMEOUT ->
                new GatewayProblem(
                        HttpStatus.GATEWAY_TIMEOUT,
                        "gateway-timeout",
                        ServiceResponses.isSafe(request)
                                ? "The service did not respond in time. Retry after 1 second."
                                : "The service did not respond in time, but may still complete the request. Repeat it"
                                        + " with the same Idempotency-Key to get its outcome.",
                        Duration.ofSeconds(1));
            case NO_CONNECTION ->
                GatewayProblem.unavailable(
                        "All connections to the service are in use. Retry after 1 second.", Duration.ofSeconds(1));
            case NOT_REACHED, BROKEN ->
                GatewayProblem.unavailable("The service is unavailable. Retry after 1 second.", Duration.ofSeconds(1));
        };
    }

    /** Returns the remaining time of the request's deadline, or null without one. */
    static @Nullable Duration remaining(ServerRequest request) {
        return request.servletRequest().getAttribute(ATTRIBUTE) instanceof Deadline deadline
                ? Duration.ofNanos(Math.max(0, deadline.nanoTime - System.nanoTime()))
                : null;
    }
}
