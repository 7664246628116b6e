package dev.feira.user.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.user.application.AddressBook;
import dev.feira.user.application.PasswordHashes;
import dev.feira.user.application.Profiles;
import dev.feira.user.application.Registration;
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
        return Problem.of(HttpStatus.CONFLICT, "email-taken", "This e-mail address has an account already.");
    }

    @ExceptionHandler
    ProblemDetail weakPassword(Registration.WeakPassword e) {
        var rule = e.flaw().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return invalid(Map.of("field", "password", "message", e.flaw().message(), "rule", rule));
    }

    @ExceptionHandler
    ProblemDetail invalidField(AddressController.InvalidField e) {
        return invalid(Map.of("field", e.field(), "message", String.valueOf(e.getMessage())));
    }

    private static ProblemDetail invalid(Map<String, String> error) {
        var problem =
                Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "The request has fields that are not valid.");
        problem.setProperty("errors", List.of(error));
        return problem;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooMany(Registration.TooManyAttempts e) {
        return later(HttpStatus.TOO_MANY_REQUESTS, e.retryAfter(), "too-many-attempts", "Too many attempts.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> busy(PasswordHashes.Busy e) {
        return later(
                HttpStatus.SERVICE_UNAVAILABLE,
                Duration.ofSeconds(2),
                "service-busy",
                "Too many people are signing up or in at this moment.");
    }

    @ExceptionHandler
    ProblemDetail userNotFound(Profiles.UserNotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "user-not-found", "There is no such account.");
    }

    @ExceptionHandler
    ProblemDetail wrongPassword(Profiles.WrongPassword e) {
        return Problem.of(HttpStatus.FORBIDDEN, "wrong-password", "The current password is not this one.");
    }

    @ExceptionHandler
    ProblemDetail demoAccount(Profiles.DemoAccount e) {
        return Problem.of(
                HttpStatus.CONFLICT, "demo-account", "A demonstration account keeps its password and its roles.");
    }

    @ExceptionHandler
    ProblemDetail addressNotFound(AddressBook.AddressNotFound e) {
        return Problem.of(HttpStatus.NOT_FOUND, "address-not-found", "There is no such address in your book.");
    }

    @ExceptionHandler
    ProblemDetail addressBookFull(AddressBook.AddressBookFull e) {
        return Problem.of(
                HttpStatus.CONFLICT,
                "address-book-full",
                "An address book has at most " + AddressBook.LARGEST + " addresses.");
    }

    @ExceptionHandler
    ProblemDetail notAPerson(UserController.NotAPerson e) {
        return Problem.of(HttpStatus.FORBIDDEN, "forbidden", "This token belongs to a service, not to a person.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> changedMeanwhile(OptimisticLockingFailureException e) {
        return later(HttpStatus.CONFLICT, Duration.ofSeconds(1), "changed-meanwhile", "Someone else changed this.");
    }

    private static ResponseEntity<ProblemDetail> later(HttpStatus status, Duration wait, String kind, String detail) {
        return ResponseEntity.status(status)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds())))
                .body(Problem.of(status, kind, detail));
    }
}
