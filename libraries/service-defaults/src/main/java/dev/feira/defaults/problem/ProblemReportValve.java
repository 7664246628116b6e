package dev.feira.defaults.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Writes a problem for requests that Tomcat rejects before any filter, such as an invalid URL. Public because Tomcat
 * instantiates it by name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        var status = status(request, response);
        response.setStatus(status.value());
        // all values are constants: nothing to escape
        var body = "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(
                        Problem.type(ProblemExceptionHandler.kind(status)),
                        status.getReasonPhrase(),
                        status.value(),
                        detail(status))
                .getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("The client closed the connection", e);
        }
    }

    /**
     * Returns 503 where a stopping server rejects with 400: Tomcat skips the headers of a request that arrives at its pause, then
     * misses the {@code Host} header. Nothing of the request was handled.
     */
    private static HttpStatus status(Request request, Response response) {
        var isPaused = request.getConnector().getProtocolHandler() instanceof AbstractProtocol<?> protocol
                && protocol.isPaused();
        if (isPaused && response.getStatus() == HttpStatus.BAD_REQUEST.value()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            return HttpStatus.SERVICE_UNAVAILABLE;
        }
        var known = HttpStatus.resolve(response.getStatus());
        return known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
    }

    private static String detail(HttpStatus status) {
        return switch (ProblemExceptionHandler.kind(status)) {
            case "payload-too-large" -> "The request is too large.";
            case "method-not-allowed" -> "The method is not supported.";
            case "not-found" -> "There is no resource at this URL.";
            case "service-unavailable" -> "The service is stopping. Retry after 1 second.";
            default -> status.is4xxClientError() ? "The request is not valid HTTP." : "An internal error occurred.";
        };
    }
}
