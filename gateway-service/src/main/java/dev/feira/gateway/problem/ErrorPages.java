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

    private final Answers answers;

    ErrorPages(Answers answers) {
        this.answers = answers;
    }

    @RequestMapping("${server.error.path:/error}")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND; // asked for directly: there is no such page
        answers.write(request, response, failure(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status));
    }

    static Failure failure(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> Failure.notFound();
            case METHOD_NOT_ALLOWED ->
                new Failure(status, "method-not-allowed", "This address does not take that method.", null);
            case CONTENT_TOO_LARGE, REQUEST_HEADER_FIELDS_TOO_LARGE, URI_TOO_LONG ->
                new Failure(status, "payload-too-large", "The request is too large.", null);
            case UNAUTHORIZED -> new Failure(status, "unauthenticated", "Please sign in.", null);
            case FORBIDDEN -> new Failure(status, "forbidden", "This is not yours to do.", null);
            case NOT_IMPLEMENTED -> new Failure(status, "method-not-allowed", "This method is not known here.", null);
            case NOT_ACCEPTABLE ->
                new Failure(status, "not-acceptable", "This address cannot answer in that form.", null);
            default ->
                status.is4xxClientError()
                        ? new Failure(status, "invalid-request", "The request could not be understood.", null)
                        : new Failure(status, "internal-error", "Something went wrong on our side.", null);
        };
    }
}
