package dev.feira.gateway.problem;

import dev.feira.defaults.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * A problem that the gateway itself returns (RFC 9457).
 *
 * @param status the HTTP status
 * @param kind the last part of the problem's type, e.g. {@code rate-limited}
 * @param detail for the client; never a secret, never the text of an exception
 * @param retryAfter after which the client may retry, rounded up to whole seconds; null if it should not
 */
public record GatewayProblem(
        HttpStatus status,
        String kind,
        String detail,
        @Nullable Duration retryAfter) {

    /** The problem when a session cannot be read: an outage, never "you are not signed in". */
    public static final GatewayProblem DATABASE_UNAVAILABLE = new GatewayProblem(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database-unavailable",
            "Your session cannot be read right now. Retry after 2 seconds.",
            Duration.ofSeconds(2));

    /** Returns 503: the request itself may be right. */
    public static GatewayProblem unavailable(String detail, Duration retryAfter) {
        return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "service-unavailable", detail, retryAfter);
    }

    /**
     * A 429 when a class of traffic has no permit left. Not 503, after which Tomcat closes the connection, so that each
     * rejected request would cost a new one; see docs/decisions/0012.
     */
    public static GatewayProblem overloaded(Duration retryAfter) {
        return new GatewayProblem(
                HttpStatus.TOO_MANY_REQUESTS,
                "overloaded",
                "The gateway has too many requests of this kind. Retry after 1 second.",
                retryAfter);
    }

    /** Returns 400 for a malformed request. */
    public static GatewayProblem invalid(String detail) {
        return new GatewayProblem(HttpStatus.BAD_REQUEST, "invalid-request", detail, null);
    }

    /** Returns 413 for a body or header over the limit. */
    public static GatewayProblem tooLarge(String detail) {
        return new GatewayProblem(HttpStatus.CONTENT_TOO_LARGE, "payload-too-large", detail, null);
    }

    /** Returns 404 for an address without a public route. */
    public static GatewayProblem notFound() {
        return new GatewayProblem(HttpStatus.NOT_FOUND, "not-found", "No resource exists at this address.", null);
    }

    ProblemDetail toProblem() {
        return Problem.of(status, kind, detail);
    }
}
