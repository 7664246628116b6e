package dev.feira.gateway.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Handles errors outside Spring MVC. */
@Controller
class ErrorPages implements ErrorController {

    private final ProblemWriter problems;

    ErrorPages(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND; // requested directly: no such page
        problems.write(request, response, failure(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status));
    }

    static GatewayProblem failure(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> GatewayProblem.notFound();
            case METHOD_NOT_ALLOWED ->
                new GatewayProblem(status, "method-not-allowed", "This address does not support the method.", null);
            case CONTENT_TOO_LARGE, REQUEST_HEADER_FIELDS_TOO_LARGE, URI_TOO_LONG ->
                new GatewayProblem(status, "payload-too-large", "The request is too large.", null);
            case UNAUTHORIZED -> new GatewayProblem(status, "unauthenticated", "Sign in.", null);
            case FORBIDDEN -> new GatewayProblem(status, "forbidden", "You do not have permission to do this.", null);
            case NOT_IMPLEMENTED ->
                new GatewayProblem(status, "method-not-allowed", "The gateway does not support the method.", null);
            case NOT_ACCEPTABLE ->
                new GatewayProblem(
                        status, "not-acceptable", "This address has no response in an accepted format.", null);
            default ->
                status.is4xxClientError()
                        ? new GatewayProblem(status, "invalid-request", "The request is malformed.", null)
                        : new GatewayProblem(
                                status, "internal-error", "The gateway failed to handle the request.", null);
        };
    }
}
