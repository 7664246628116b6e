package dev.feira.gateway.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** The last resort, for what fails outside Spring MVC. */
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
                : HttpStatus.NOT_FOUND; // asked for directly: there is no such page
        problems.write(request, response, failure(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status));
    }

    static GatewayProblem failure(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> GatewayProblem.notFound();
            case METHOD_NOT_ALLOWED ->
                new GatewayProblem(status, "method-not-allowed", "This address does not take that method.", null);
            case CONTENT_TOO_LARGE, REQUEST_HEADER_FIELDS_TOO_LARGE, URI_TOO_LONG ->
                new GatewayProblem(status, "payload-too-large", "The request is too large.", null);
            case UNAUTHORIZED -> new GatewayProblem(status, "unauthenticated", "Please sign in.", null);
            case FORBIDDEN -> new GatewayProblem(status, "forbidden", "This is not yours to do.", null);
            case NOT_IMPLEMENTED -> new GatewayProblem(status, "method-not-allowed", "This method is not known here.", null);
            case NOT_ACCEPTABLE ->
                new GatewayProblem(status, "not-acceptable", "This address cannot answer in that form.", null);
            default ->
                status.is4xxClientError()
                        ? new GatewayProblem(status, "invalid-request", "The request could not be understood.", null)
                        : new GatewayProblem(status, "internal-error", "Something went wrong on our side.", null);
        };
    }
}
