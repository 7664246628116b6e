package dev.feira.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Turns exceptions in Spring MVC into problems; comes before the advice that all services share. */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ErrorHandler {

    private static final Logger log = LoggerFactory.getLogger(ErrorHandler.class);

    private final ProblemWriter problems;

    ErrorHandler(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void failed(Exception e, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (problems.writeProblemOf(e, request, response)) {
            return;
        }
        switch (e) {
            case AccessDeniedException denied -> throw denied; // Spring Security's own filter handles it
            case AuthenticationException unauthenticated -> throw unauthenticated;
            case RequestRejectedException _ -> // for a parameter or header that was not read before
                problems.write(request, response, GatewayProblem.invalid("The address or a header is malformed."));
            case AsyncRequestNotUsableException gone -> log.debug("The client went away", gone);
            case IOException broken when response.isCommitted() -> throw broken; // the server must cut the connection
            case ErrorResponse known -> {
                var allow = known.getHeaders().getFirst(HttpHeaders.ALLOW);
                if (allow != null) {
                    response.setHeader(HttpHeaders.ALLOW, allow);
                }
                var status = HttpStatus.resolve(known.getStatusCode().value());
                problems.write(
                        request,
                        response,
                        ErrorPages.failure(Objects.requireNonNullElse(status, HttpStatus.INTERNAL_SERVER_ERROR)));
            }
            default -> {
                log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
                problems.write(request, response, ErrorPages.failure(HttpStatus.INTERNAL_SERVER_ERROR));
            }
        }
    }
}
