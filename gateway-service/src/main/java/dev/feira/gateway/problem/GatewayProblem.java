package dev.feira.gateway.problem;

import dev.feira.defaults.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Something that the gateway itself refuses or cannot do.
 *
 * @param status the HTTP status
 * @param kind the last part of the problem's type, e.g. {@code rate-limited}
 * @param detail for a person; never a secret, never an exception's text
 * @param retryAfter when trying again makes sense, rounded up to whole seconds; null where it does not
 */
public record GatewayProblem(
        HttpStatus status,
        String kind,
        String detail,
        @Nullable Duration retryAfter) {

    /** A 503 of the gateway: nothing is wrong with the request. */
    public static GatewayProblem unavailable(String detail, Duration retryAfter) {
        return new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "service-unavailable", detail, retryAfter);
    }

    /**
     * A 429 for whom there is no place: nothing was asked of anybody. Not 503, after which Tomcat closes the connection, so
     * that each of those who are refused would cost a new one; see docs/decisions/0012.
     */
    public static GatewayProblem overloaded(Duration retryAfter) {
        return new GatewayProblem(
                HttpStatus.TOO_MANY_REQUESTS,
                "overloaded",
                "Too many people ask for this at the moment. Please try again.",
                retryAfter);
    }

    /** A request that is not understood. */
    public static GatewayProblem invalid(String detail) {
        return new GatewayProblem(HttpStatus.BAD_REQUEST, "invalid-request", detail, null);
    }

    /** A body or a header over the limit. */
    public static GatewayProblem tooLarge(String detail) {
        return new GatewayProblem(HttpStatus.CONTENT_TOO_LARGE, "payload-too-large", detail, null);
    }

    /** Nothing at this address that a client may reach. */
    public static GatewayProblem notFound() {
        return new GatewayProblem(HttpStatus.NOT_FOUND, "not-found", "There is nothing at this address.", null);
    }

    ProblemDetail toProblem() {
        return Problem.of(status, kind, detail);
    }
}
