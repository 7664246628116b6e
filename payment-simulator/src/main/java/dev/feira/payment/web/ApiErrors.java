package dev.feira.payment.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.payment.domain.Charge;
import dev.feira.payment.domain.IdempotencyKeyReused;
import dev.feira.payment.domain.InvalidCard;
import dev.feira.payment.domain.UnknownCard;
import dev.feira.payment.domain.UnknownToken;
import java.util.List;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Converts the exceptions of the simulator to problems. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiErrors {

    @ExceptionHandler
    ProblemDetail invalidCard(InvalidCard e) {
        var problem = Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "The card is invalid.");
        problem.setProperty("errors", List.of(Map.of("field", e.field(), "message", String.valueOf(e.getMessage()))));
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unknownCard(UnknownCard e) {
        return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "unknown-card", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail unknownToken(UnknownToken e) {
        return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "unknown-token", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail keyReused(IdempotencyKeyReused e) {
        return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail keyMissing(MissingRequestHeaderException e) {
        return IdempotencyKey.HEADER.equals(e.getHeaderName())
                ? Problem.of(HttpStatus.BAD_REQUEST, "idempotency-key-missing", "Send an Idempotency-Key header.")
                : Problem.of(
                        HttpStatus.BAD_REQUEST, "invalid-request", "The header " + e.getHeaderName() + " is missing.");
    }

    @ExceptionHandler
    ProblemDetail notFound(Charge.NotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "charge-not-found", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail wrongState(Charge.WrongState e) {
        var problem = Problem.of(HttpStatus.CONFLICT, "charge-in-wrong-state", e.getMessage());
        problem.setProperty("chargeStatus", e.status());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail tooLarge(Charge.RefundTooLarge e) {
        return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "refund-exceeds-charge", e.getMessage());
    }
}
