package dev.feira.order.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.order.application.IdempotencyProblem;
import dev.feira.order.application.InvalidOrder;
import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.domain.InvalidTransition;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.payment.PaymentsUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Maps this service's exceptions to problems. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiErrors {

    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);
    /** Seconds until an open circuit breaker permits calls again. */
    private static final String RETRY_AFTER = "2";

    @ExceptionHandler
    ProblemDetail notFound(OrderNotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "order-not-found", e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail invalid(InvalidOrder e) {
        return problem(e);
    }

    static ProblemDetail problem(InvalidOrder e) {
        var status = HttpStatus.UNPROCESSABLE_CONTENT;
        return switch (e) {
            case InvalidOrder.UnknownProducts unknown -> {
                var problem = Problem.of(status, "unknown-product", e.getMessage());
                problem.setProperty("skus", unknown.skus());
                yield problem;
            }
            case InvalidOrder.ProductsArchived archived -> {
                var problem = Problem.of(status, "product-archived", e.getMessage());
                problem.setProperty("skus", archived.skus());
                yield problem;
            }
            case InvalidOrder.PriceChanged changed -> {
                var problem = Problem.of(status, "price-changed", e.getMessage());
                problem.setProperty("expectedTotal", MoneyResponse.of(changed.expected()));
                problem.setProperty("actualTotal", MoneyResponse.of(changed.actual()));
                yield problem;
            }
            case InvalidOrder.TotalTooLarge large -> {
                var problem = Problem.of(status, "total-too-large", e.getMessage());
                problem.setProperty("limit", MoneyResponse.of(large.limit()));
                yield problem;
            }
            default -> Problem.of(status, "nothing-to-pay", e.getMessage());
        };
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> idempotency(IdempotencyProblem e) {
        if (e instanceof IdempotencyProblem.InFlight) {
            return ResponseEntity.status(HttpStatus.CONFLICT)
                    .header(HttpHeaders.RETRY_AFTER, "1")
                    .body(Problem.of(HttpStatus.CONFLICT, "idempotency-key-in-flight", e.getMessage()));
        }
        return ResponseEntity.unprocessableContent()
                .body(Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused", e.getMessage()));
    }

    /** The Idempotency-Key is missing or invalid. */
    static final class InvalidIdempotencyKey extends RuntimeException {}

    @ExceptionHandler
    ProblemDetail invalidIdempotencyKey(InvalidIdempotencyKey e) {
        return Problem.of(
                HttpStatus.BAD_REQUEST,
                "idempotency-key-missing",
                "The request must have one Idempotency-Key header of 1 to 100 visible ASCII characters.");
    }

    @ExceptionHandler
    ProblemDetail transition(InvalidTransition e) {
        var kind = switch (e.transition()) {
            case CANCELLATION -> "not-cancellable";
            case SHIPMENT -> "not-shippable";
            case DELIVERY -> "not-deliverable";
            case RETURN -> "not-returnable";
        };
        var problem = Problem.of(HttpStatus.CONFLICT, kind, "The order is " + e.status() + ".");
        problem.setProperty("orderStatus", e.status());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail signature(WebhookSignature.Invalid e) {
        log.warn("Rejected a payment webhook: {}", e.getMessage());
        return Problem.of(
                HttpStatus.UNAUTHORIZED, "invalid-signature", "The signature is missing, invalid or too old.");
    }

    /** Reports an outage; this says nothing about the order. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> catalog(CatalogUnavailable e) {
        log.warn("catalog-service is unavailable: {}", e.getMessage());
        return unavailable("catalog-unavailable", "catalog-service is unavailable. Retry after 2 seconds.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> payments(PaymentsUnavailable e) {
        log.warn("The payment provider is unavailable: {}", e.getMessage());
        return unavailable("payments-unavailable", "The payment provider is unavailable. Retry after 2 seconds.");
    }

    private static ResponseEntity<ProblemDetail> unavailable(String kind, String detail) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
                .body(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, kind, detail));
    }
}
