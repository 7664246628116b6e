package dev.feira.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.MessageSource;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a failure as {@code application/problem+json}, or as a small page if a browser navigates.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
@Component
public class ProblemWriter {

    private static final Logger log = LoggerFactory.getLogger(ProblemWriter.class);

    private static final Locale PORTUGUESE = Locale.of("pt");

    private final JsonMapper json;
    private final MessageSource messages;

    ProblemWriter(JsonMapper json, MessageSource messages) {
        this.json = json;
        this.messages = messages;
    }

    /** Writes the problem of an exception that filters and controllers handle alike; returns false for any other. */
    boolean writeProblemOf(Exception e, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (e) {
            case ProblemException rejected -> write(request, response, rejected.problem());
            case InvalidParameterException _ ->
                write(request, response, GatewayProblem.invalid("The address is not a valid URL."));
            case DataAccessException _, TransactionException _ -> {
                log.warn(
                        "{} {}: the session database is unavailable: {}",
                        request.getMethod(),
                        request.getRequestURI(),
                        e.getMessage());
                write(request, response, GatewayProblem.DATABASE_UNAVAILABLE);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Writes {@code failure} as a problem; does nothing once the response has begun. */
    public void write(HttpServletRequest request, HttpServletResponse response, GatewayProblem failure)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(failure.status().value());
        if (failure.retryAfter() != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(wholeSeconds(failure.retryAfter())));
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        byte[] body;
        if (isNavigation(request)) {
            response.setContentType(MediaType.TEXT_HTML_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            body = page(request, failure).getBytes(StandardCharsets.UTF_8);
        } else {
            var problem = failure.toProblem();
            var requestId = MDC.get("requestId");
            if (requestId != null) {
                problem.setProperty("requestId", requestId);
            }
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            body = json.writeValueAsBytes(problem);
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    /** A browser that opens a page accepts HTML first; scripts and API clients accept JSON or anything. */
    private static boolean isNavigation(HttpServletRequest request) {
        var accept = Objects.requireNonNullElse(request.getHeader(HttpHeaders.ACCEPT), "");
        return accept.startsWith(MediaType.TEXT_HTML_VALUE)
                && !request.getRequestURI().startsWith("/api/");
    }

    private static long wholeSeconds(Duration duration) {
        return Math.max(1, duration.plusMillis(999).toSeconds());
    }

    /** Writes the texts of {@code messages.properties}; of the request, nothing but its id. */
    private String page(HttpServletRequest request, GatewayProblem failure) {
        var portuguese = Objects.requireNonNullElse(request.getLocale(), Locale.ENGLISH)
                .getLanguage()
                .equals(PORTUGUESE.getLanguage());
        var locale = portuguese ? PORTUGUESE : Locale.ENGLISH;
        var status = failure.status().value();
        var page = switch (status) {
            case 401, 403 -> "no-access";
            case 404 -> "not-found";
            case 429 -> "too-many-requests";
            case 503, 504 -> "unavailable";
            default -> status < 500 ? "invalid" : "failed";
        };
        var title = messages.getMessage(page + ".title", null, locale);
        var requestId = MDC.get("requestId");
        return """
            <!doctype html>
            <html lang="%s">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s – Feira</title>
            <link rel="stylesheet" href="/gateway/page.css">
            </head>
            <body>
            <main>
            <p class="name">Feira</p>
            <h1>%s</h1>
            <p>%s</p>
            <p><a href="/">%s</a></p>
            <p class="small">%d%s</p>
            </main>
            </body>
            </html>
            """.formatted(
                locale.getLanguage(),
                title,
                title,
                messages.getMessage(page + ".text", new Object[] {HtmlUtils.htmlEscape(failure.detail())}, locale),
                messages.getMessage("back", null, locale),
                status,
                requestId == null ? "" : " · " + HtmlUtils.htmlEscape(requestId));
    }
}
