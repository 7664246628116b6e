package dev.feira.defaults.problem;

import dev.feira.defaults.paging.InvalidCursor;
import dev.feira.defaults.web.RequestSizeLimit;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import java.lang.reflect.AnnotatedElement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
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
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Converts exceptions of Spring MVC, the validator and the database, and unexpected ones, to problems with stable types. A
 * service's own {@code ApiErrors} comes first.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemExceptionHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemExceptionHandler.class);

    private static final Map<Class<?>, String> WHOLE_NUMBERS = Map.of(
            Short.class, "from " + Short.MIN_VALUE + " to " + Short.MAX_VALUE,
            Integer.class, "from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE,
            Long.class, "from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE);

    private static final Map<Class<?>, String> FORMATS = Map.of(
            Boolean.class, "must be true or false",
            BigDecimal.class, "must be a decimal number",
            Double.class, "must be a decimal number",
            String.class, "must be a string",
            UUID.class, "must be a UUID, such as 123e4567-e89b-12d3-a456-426614174000",
            Instant.class, "must be a time of ISO 8601, such as 2026-01-31T12:00:00Z");

    private final ObjectProvider<ProblemAutoConfiguration.SchemaState> schema;

    ProblemExceptionHandler(ObjectProvider<ProblemAutoConfiguration.SchemaState> schema) {
        this.schema = schema;
    }

    /** One field that is not valid. */
    record FieldProblem(String field, @Nullable String message) {}

    /** Sets the type of Spring MVC's own problems by their status, unless a handler has set it. */
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
                e, invalid(List.of(new FieldProblem(field, expectedParameter(e)))), headers, status, request);
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
                        "The field '" + unknown.getPropertyName() + "' is unknown. Remove it.");
                unexpected.setProperty("field", path(unknown));
                yield unexpected;
            }
            case MismatchedInputException wrong
            when !wrong.getPath().isEmpty() ->
                invalid(List.of(new FieldProblem(path(wrong), expectedField(wrong.getTargetType(), wrong))));
            case InputCoercionException wrong
            when !wrong.getPath().isEmpty() ->
                invalid(List.of(new FieldProblem(path(wrong), expectedField(wrong.getTargetType(), wrong))));
            case JacksonException wrong
            when !wrong.getPath().isEmpty() -> invalid(List.of(new FieldProblem(path(wrong), expected(null))));
            case null, default -> Problem.of(status, "malformed-json", "The body is not valid JSON.");
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

    /** Returns 503 for an unavailable database and 500 for a bug, without internal details. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception e, HttpServletRequest request) throws Exception {
        if (isSecurity(e)) {
            throw e; // Spring Security's filter returns 401 or 403
        }
        if (RequestSizeLimit.Exceeded.isCauseOf(e)) {
            return ResponseEntity.status(HttpStatus.CONTENT_TOO_LARGE).body(tooLarge());
        }
        // such as a parameter without a name; Tomcat responds itself if a filter reads it first
        if (e instanceof InvalidParameterException unreadable) {
            var status = HttpStatusCode.valueOf(unreadable.getErrorCode());
            return ResponseEntity.status(status)
                    .body(Problem.of(status, kind(status), "A parameter of the request is malformed."));
        }
        if (isDatabaseUnavailable(e)) {
            log.warn(
                    "{} {}: the database is unavailable: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    rootMessage(e));
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .header(HttpHeaders.RETRY_AFTER, "2")
                    .body(Problem.of(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "database-unavailable",
                            "The database is unavailable. Retry after 2 seconds."));
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        return ResponseEntity.internalServerError()
                .body(Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error", "An internal error occurred."));
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

    private static String expectedParameter(TypeMismatchException e) {
        var member = e instanceof MethodArgumentTypeMismatchException mismatch
                ? mismatch.getParameter().getParameter()
                : null;
        return expected(e.getRequiredType(), member);
    }

    private static String expectedField(@Nullable Class<?> type, JacksonException e) {
        var last = e.getPath().getLast();
        var owner = last.from() instanceof Class<?> its ? its : ClassUtils.getUserClass(last.from());
        var name = last.getPropertyName();
        return expected(type, name == null ? null : ReflectionUtils.findField(owner, name));
    }

    /** Names the limits of a number, too, where the member has them. */
    private static String expected(@Nullable Class<?> type, @Nullable AnnotatedElement member) {
        if (type != null && member != null && WHOLE_NUMBERS.containsKey(ClassUtils.resolvePrimitiveIfNecessary(type))) {
            var min = member.getAnnotation(Min.class);
            var max = member.getAnnotation(Max.class);
            if (min != null && max != null) {
                return "must be a whole number from %d to %d".formatted(min.value(), max.value());
            }
            if (member.isAnnotationPresent(PositiveOrZero.class)) {
                return "must be a whole number of at least 0";
            }
        }
        return expected(type);
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "has the wrong format";
        }
        var boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed.isEnum()) {
            var names = Arrays.stream(boxed.getEnumConstants()).map(constant -> ((Enum<?>) constant).name());
            return names.collect(Collectors.joining(", ", "must be one of ", ""));
        }
        var limits = WHOLE_NUMBERS.get(boxed);
        return limits != null
                ? "must be a whole number " + limits
                : FORMATS.getOrDefault(boxed, "has the wrong format");
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

    /** Compares names, because a service without a database does not have these classes. */
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
                            "org.springframework.transaction.TransactionSystemException", // on a lost connection
                            "java.sql.SQLTransientException",
                            "java.sql.SQLRecoverableException",
                            "java.sql.SQLNonTransientConnectionException" -> {
                        return true;
                    }
                    case "org.springframework.dao.DataAccessException", "java.sql.SQLException" -> {
                        if (notMigrated || isTransientState(cause)) {
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
     * Returns whether the SQLSTATE is a lost connection (class 08), or a server that starts or stops (57P). It returns
     * true also for a timeout of a lock (55P03), a statement (57014) or an idle transaction (25P03).
     *
     * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">PostgreSQL error codes</a>
     */
    private static boolean isTransientState(Throwable e) {
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
