package dev.feira.defaults.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Answers what the server itself refuses before any filter sees it, an address that is not one for example, with a problem.
 * Public because Tomcat makes it by its name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        var known = HttpStatus.resolve(response.getStatus());
        var status = known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
        // every value is a constant of ours: there is nothing to escape
        var body = "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(
                        Problem.type(ProblemExceptionHandler.kind(status)), status.getReasonPhrase(), status.value(), detail(status))
                .getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            container.getLogger().debug("The client went away", e);
        }
    }

    private static String detail(HttpStatus status) {
        return switch (ProblemExceptionHandler.kind(status)) {
            case "payload-too-large" -> "The request is too large.";
            case "method-not-allowed" -> "This method is not known here.";
            case "not-found" -> "There is nothing at this address.";
            default ->
                status.is4xxClientError()
                        ? "The request could not be understood."
                        : "Something went wrong on our side.";
        };
    }
}
