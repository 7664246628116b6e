package dev.feira.notification.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.notification.domain.MailNotFound;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Converts the exceptions of this service to problems. */
@RestControllerAdvice
@Order(0)
class ApiErrors {

    @ExceptionHandler
    ProblemDetail mailNotFound(MailNotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "mail-not-found", "The mail does not exist.");
    }
}
