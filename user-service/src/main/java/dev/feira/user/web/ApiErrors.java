package dev.feira.user.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.user.application.AddressBook;
import dev.feira.user.application.EmailChange;
import dev.feira.user.application.PasswordHashes;
import dev.feira.user.application.Profiles;
import dev.feira.user.application.Registration;
import dev.feira.user.domain.AttemptLimiter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiErrors {

    @ExceptionHandler
    ProblemDetail emailTaken(Registration.EmailTaken e) {
        return Problem.of(HttpStatus.CONFLICT, "email-taken", "This e-mail address is already registered.");
    }

    @ExceptionHandler
    ProblemDetail weakPassword(Registration.WeakPassword e) {
        var rule = e.violation().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return invalid(Map.of("field", "password", "message", e.violation().message(), "rule", rule));
    }

    @ExceptionHandler
    ProblemDetail invalidField(AddressController.InvalidField e) {
        return invalid(Map.of("field", e.field(), "message", String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ProblemDetail sameAddress(EmailChange.SameAddress e) {
        return invalid(Map.of("field", "email", "message", "must be another address than the present one"));
    }

    private static ProblemDetail invalid(Map<String, String> error) {
        var problem = Problem.of(
                HttpStatus.BAD_REQUEST, "invalid-request", "Some fields of the request are not valid; see errors.");
        problem.setProperty("errors", List.of(error));
        return problem;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooManyAttempts(AttemptLimiter.TooManyAttempts e) {
        return retryLater(HttpStatus.TOO_MANY_REQUESTS, e.retryAfter(), "too-many-attempts", "Too many attempts.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(PasswordHashes.Busy e) {
        return retryLater(
                HttpStatus.SERVICE_UNAVAILABLE,
                Duration.ofSeconds(2),
                "service-busy",
                "Too many passwords are being checked.");
    }

    @ExceptionHandler
    ProblemDetail userNotFound(Profiles.UserNotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "user-not-found", "The account does not exist.");
    }

    @ExceptionHandler
    ProblemDetail wrongPassword(Profiles.WrongPassword e) {
        return Problem.of(HttpStatus.FORBIDDEN, "wrong-password", "The current password is incorrect.");
    }

    @ExceptionHandler
    ProblemDetail demoAccount(Profiles.DemoAccount e) {
        return Problem.of(
                HttpStatus.CONFLICT,
                "demo-account",
                "A demonstration account keeps its e-mail address, password, roles and sign-ins, and cannot be deleted.");
    }

    @ExceptionHandler
    ProblemDetail addressNotFound(AddressBook.AddressNotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "address-not-found", "The address does not exist.");
    }

    @ExceptionHandler
    ProblemDetail addressBookFull(AddressBook.AddressBookFull e) {
        return Problem.of(
                HttpStatus.CONFLICT,
                "address-book-full",
                "An address book has at most " + AddressBook.MAX_ADDRESSES + " addresses.");
    }

    @ExceptionHandler
    ProblemDetail notAUser(UserController.NotAUser e) {
        return Problem.of(
                HttpStatus.FORBIDDEN, "forbidden", "This token belongs to a service. Use the token of a user.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> concurrentChange(OptimisticLockingFailureException e) {
        return retryLater(
                HttpStatus.CONFLICT,
                Duration.ofSeconds(1),
                "changed-meanwhile",
                "Another request changed this at the same time.");
    }

    /** Returns a problem with {@code Retry-After}, whose detail names the delay. */
    private static ResponseEntity<ProblemDetail> retryLater(
            HttpStatus status, Duration delay, String kind, String detail) {
        var seconds = Math.max(1, delay.plusMillis(999).toSeconds());
        return ResponseEntity.status(status)
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(seconds))
                .body(Problem.of(
                        status, kind, detail + " Retry after " + seconds + (seconds == 1 ? " second." : " seconds.")));
    }
}
