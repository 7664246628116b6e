package dev.feira.defaults.problem;

import dev.feira.defaults.paging.InvalidCursor;
import dev.feira.defaults.web.RequestSizeLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Turns what Spring MVC, the validator, the database and unforeseen bugs throw into problems with stable types. A
 * service adds its own words in an {@code ApiErrors} of its own, which comes first.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemExceptionHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemExceptionHandler.class);

    private final ObjectProvider<ProblemAutoConfiguration.SchemaState> schema;

    ProblemExceptionHandler(ObjectProvider<ProblemAutoConfiguration.SchemaState> schema) {
        this.schema = schema;
    }

    /** One field that is wrong. */
    record FieldProblem(String field, @Nullable String message) {}

    /** Every problem of Spring MVC itself passes here: the type is set by the status, unless a handler set it. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem
                && (problem.getType() == null
                        || "about:blank".equals(problem.getType().toString()))) {
            problem.setType(Problem.type(kind(status)));
        }
        return new ResponseEntity<>(body, headers, status);
    }

    static String kind(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> "unauthenticated";
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 405, 501 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 413, 414, 431 -> "payload-too-large";
            case 415 -> "unsupported-media-type";
            case 429 -> "rate-limited";
            case 503 -> "service-unavailable";
            default -> status.is4xxClientError() ? "invalid-request" : "internal-error";
        };
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var errors = e.getBindingResult().getAllErrors().stream()
                .map(error -> new FieldProblem(
                        error instanceof FieldError field ? field.getField() : error.getObjectName(),
                        error.getDefaultMessage()))
                .toList();
        return handleExceptionInternal(e, invalid(errors), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var errors = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(error -> new FieldProblem(
                                error instanceof FieldError field
                                        ? field.getField()
                                        : Objects.requireNonNullElse(
                                                result.getMethodParameter().getParameterName(), "parameter"),
                                error.getDefaultMessage())))
                .toList();
        return handleExceptionInternal(e, invalid(errors), headers, HttpStatus.BAD_REQUEST, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var field = Objects.requireNonNullElse(e.getPropertyName(), "parameter");
        return handleExceptionInternal(
                e, invalid(List.of(new FieldProblem(field, "has the wrong form"))), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (RequestSizeLimit.Exceeded.isCauseOf(e)) {
            return handleExceptionInternal(e, tooLarge(), headers, HttpStatus.CONTENT_TOO_LARGE, request);
        }
        var problem = switch (e.getCause()) {
            case UnrecognizedPropertyException unknown -> {
                var unexpected = Problem.of(
                        status,
                        "unexpected-field",
                        "The field '" + unknown.getPropertyName() + "' is not part of this request.");
                unexpected.setProperty("field", path(unknown));
                yield unexpected;
            }
            case JacksonException wrong
            when !wrong.getPath().isEmpty() -> invalid(List.of(new FieldProblem(path(wrong), "has the wrong form")));
            case null, default -> Problem.of(status, "malformed-json", "The body is not readable JSON.");
        };
        return handleExceptionInternal(e, problem, headers, status, request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> constraintViolated(ConstraintViolationException e) {
        var errors = e.getConstraintViolations().stream()
                .map(v -> new FieldProblem(
                        StreamSupport.stream(v.getPropertyPath().spliterator(), false)
                                .reduce((first, last) -> last)
                                .map(Object::toString)
                                .orElse("parameter"),
                        v.getMessage()))
                .toList();
        return ResponseEntity.badRequest().body(invalid(errors));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalidCursor(InvalidCursor e) {
        return ResponseEntity.badRequest()
                .body(Problem.of(HttpStatus.BAD_REQUEST, "invalid-cursor", "The cursor does not belong to this list."));
    }

    /** A lost database is 503 and a bug is 500; neither tells a client what is inside. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> anythingElse(Exception e, HttpServletRequest request) throws Exception {
        if (isSecurity(e)) {
            throw e; // Spring Security's own filter answers 401 or 403
        }
        if (RequestSizeLimit.Exceeded.isCauseOf(e)) {
            return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).body(tooLarge());
        }
        // one without a name, say; where a filter is the first to read it, Tomcat itself answers
        if (e instanceof InvalidParameterException unreadable) {
            var status = HttpStatusCode.valueOf(unreadable.getErrorCode());
            return ResponseEntity.status(status)
                    .body(Problem.of(status, kind(status), "A parameter of the request cannot be read."));
        }
        if (isDatabaseUnavailable(e)) {
            log.warn(
                    "{} {}: the database does not serve: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    rootMessage(e));
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .header(HttpHeaders.RETRY_AFTER, "2")
                    .body(Problem.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "database-unavailable",
                            "The service cannot reach its data right now. Please try again in a moment."));
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        return ResponseEntity.internalServerError()
                .body(Problem.of(
                        HttpStatus.INTERNAL_SERVER_ERROR, "internal-error", "Something went wrong on our side."));
    }

    private static ProblemDetail tooLarge() {
        return Problem.of(HttpStatus.CONTENT_TOO_LARGE, "payload-too-large", "The body is too large.");
    }

    private static ProblemDetail invalid(List<FieldProblem> errors) {
        var problem =
                Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "The request has fields that are not valid.");
        problem.setProperty("errors", errors);
        return problem;
    }

    private static String path(JacksonException e) {
        var path = new StringBuilder();
        for (var reference : e.getPath()) {
            if (reference.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
            } else {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static boolean isSecurity(Throwable e) {
        return e.getClass().getName().startsWith("org.springframework.security.")
                || (e.getClass().getSuperclass() != null
                        && e.getClass().getSuperclass().getName().startsWith("org.springframework.security."));
    }

    /** By name, since a service without a database has none of these classes. */
    private boolean isDatabaseUnavailable(Throwable e) {
        var notMigrated = schema.stream().anyMatch(state -> !state.isReady());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
                switch (type.getName()) {
                    case "org.springframework.dao.DataAccessResourceFailureException",
                            "org.springframework.dao.RecoverableDataAccessException",
                            "org.springframework.dao.TransientDataAccessException",
                            "org.springframework.transaction.CannotCreateTransactionException",
                            "org.springframework.transaction.TransactionTimedOutException",
                            "org.springframework.transaction.TransactionSystemException", // on a cut connection
                            "java.sql.SQLTransientException",
                            "java.sql.SQLRecoverableException",
                            "java.sql.SQLNonTransientConnectionException" -> {
                        return true;
                    }
                    case "org.springframework.dao.DataAccessException", "java.sql.SQLException" -> {
                        if (notMigrated || isPassingState(cause)) {
                            return true;
                        }
                    }
                    default -> {}
                }
            }
        }
        return false;
    }

    /**
     * SQLSTATE class 08 is a lost connection, 57P a server that shuts down or starts; 55P03 and 57014 are the limits on
     * waiting for a lock and on a statement, 25P03 a transaction that was silent for too long.
     *
     * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">PostgreSQL error codes</a>
     */
    private static boolean isPassingState(Throwable e) {
        if (!(e instanceof java.sql.SQLException sql) || sql.getSQLState() == null) {
            return false;
        }
        var state = sql.getSQLState();
        return state.startsWith("08")
                || state.startsWith("57P")
                || List.of("55P03", "57014", "25P03").contains(state);
    }

    private static String rootMessage(Throwable e) {
        var root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
