package dev.feira.catalog.web;

import dev.feira.catalog.domain.ArchivedProducts;
import dev.feira.catalog.domain.InsufficientStock;
import dev.feira.catalog.domain.OutOfStock;
import dev.feira.catalog.domain.ProductChanged;
import dev.feira.catalog.domain.ProductNotFound;
import dev.feira.catalog.domain.RequestKeyReused;
import dev.feira.catalog.domain.ReservationClosed;
import dev.feira.catalog.domain.ReservationDiffers;
import dev.feira.catalog.domain.ReservationExpired;
import dev.feira.catalog.domain.ReservationNotConfirmed;
import dev.feira.catalog.domain.ReservationNotFound;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.UnknownCategory;
import dev.feira.catalog.domain.UnknownProducts;
import dev.feira.defaults.problem.Problem;
import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Converts the exceptions of the catalog to problems. */
@RestControllerAdvice
@Order(0)
class ApiErrors {

    private record FieldProblem(String field, String message) {}

    private record MissingLine(String sku, long requested, long available) {}

    @ExceptionHandler
    ProblemDetail productNotFound(ProductNotFound e) {
        // does not repeat the SKU, which is client input
        return Problem.of(HttpStatus.NOT_FOUND, "product-not-found", "The product does not exist.");
    }

    @ExceptionHandler
    ProblemDetail reservationNotFound(ReservationNotFound e) {
        return problem(HttpStatus.NOT_FOUND, "reservation-not-found", e);
    }

    @ExceptionHandler
    ProblemDetail productChanged(ProductChanged e) {
        return problem(HttpStatus.PRECONDITION_FAILED, "product-changed", e);
    }

    @ExceptionHandler
    ProblemDetail invalidField(InvalidField e) {
        return invalid(e.field(), String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail unknownCategory(UnknownCategory e) {
        return invalid("category", "must be an existing category");
    }

    private static ProblemDetail invalid(String field, String message) {
        var problem =
                Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "The request has fields that are not valid.");
        problem.setProperty("errors", List.of(new FieldProblem(field, message)));
        return problem;
    }

    @ExceptionHandler
    ProblemDetail unsupportedCurrency(UnsupportedCurrency e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, "unsupported-currency", e);
    }

    @ExceptionHandler
    ProblemDetail unknownProducts(UnknownProducts e) {
        var problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, "unknown-product", e);
        problem.setProperty("skus", e.skus().stream().map(Sku::value).toList());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail archivedProducts(ArchivedProducts e) {
        var problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, "product-archived", e);
        problem.setProperty("skus", e.skus().stream().map(Sku::value).toList());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail outOfStock(OutOfStock e) {
        var problem = problem(HttpStatus.CONFLICT, "out-of-stock", e);
        problem.setProperty(
                "lines",
                e.shortages().stream()
                        .map(shortage ->
                                new MissingLine(shortage.sku().value(), shortage.requested(), shortage.available()))
                        .toList());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail keyMissing(StockController.KeyMissing e) {
        return Problem.of(
                HttpStatus.BAD_REQUEST,
                "idempotency-key-missing",
                "Send one Idempotency-Key header of 1 to 100 visible ASCII characters.");
    }

    @ExceptionHandler
    ProblemDetail keyReused(RequestKeyReused e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, "idempotency-key-reused", e);
    }

    @ExceptionHandler
    ProblemDetail insufficientStock(InsufficientStock e) {
        var problem = problem(HttpStatus.CONFLICT, "insufficient-stock", e);
        problem.setProperty("available", e.available());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail reservationClosed(ReservationClosed e) {
        var problem = problem(HttpStatus.CONFLICT, "reservation-closed", e);
        problem.setProperty("reservationStatus", e.status());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail reservationExpired(ReservationExpired e) {
        return problem(HttpStatus.CONFLICT, "reservation-expired", e);
    }

    @ExceptionHandler
    ProblemDetail reservationDiffers(ReservationDiffers e) {
        return problem(HttpStatus.CONFLICT, "reservation-differs", e);
    }

    @ExceptionHandler
    ProblemDetail reservationNotConfirmed(ReservationNotConfirmed e) {
        var problem = problem(HttpStatus.CONFLICT, "reservation-not-confirmed", e);
        problem.setProperty("reservationStatus", e.status());
        return problem;
    }

    private static ProblemDetail problem(HttpStatus status, String kind, RuntimeException e) {
        return Problem.of(status, kind, e.getMessage());
    }
}
