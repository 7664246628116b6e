package dev.feira.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a failure as {@code application/problem+json}, or as a small page if a browser navigates.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
@Component
public class ProblemWriter {

    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
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

    private static String page(HttpServletRequest request, GatewayProblem failure) {
        var portuguese = "pt"
                .equals(Objects.requireNonNullElse(request.getLocale(), Locale.ENGLISH)
                        .getLanguage());
        var words = Words.of(failure, portuguese);
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
                        portuguese ? "pt" : "en",
                        words.title,
                        words.title,
                        words.text,
                        portuguese ? "Voltar ao mercado" : "Back to the market",
                        failure.status().value(),
                        requestId == null ? "" : " · " + HtmlUtils.htmlEscape(requestId));
    }

    /** The text of the page; nothing of it comes from the request. */
    private record Words(String title, String text) {

        static Words of(GatewayProblem failure, boolean portuguese) {
            var status = failure.status().value();
            return switch (status) {
                case 404 ->
                    portuguese
                            ? new Words("Página não encontrada", "Este endereço não existe.")
                            : new Words("Page not found", "There is nothing at this address.");
                case 401, 403 ->
                    portuguese
                            ? new Words("Sem acesso", "Inicie sessão com uma conta que tenha acesso a esta página.")
                            : new Words("No access", "Please sign in with an account that may see this page.");
                case 429 ->
                    portuguese
                            ? new Words("Demasiados pedidos", "Aguarde um momento e tente de novo.")
                            : new Words("Too many requests", "Please wait a moment and try again.");
                case 503, 504 ->
                    portuguese
                            ? new Words("De momento indisponível", "Tente de novo dentro de momentos.")
                            : new Words("Not available right now", "Please try again in a moment.");
                default -> {
                    @Nullable String detail = failure.detail();
                    yield status < 500
                            ? portuguese
                                    ? new Words("Pedido inválido", "O pedido não pôde ser entendido.")
                                    : new Words(
                                            "Request not understood",
                                            HtmlUtils.htmlEscape(Objects.requireNonNullElse(detail, "")))
                            : portuguese
                                    ? new Words("Algo correu mal", "A falha é nossa. Tente de novo mais tarde.")
                                    : new Words("Something went wrong", "It is our fault. Please try again later.");
                }
            };
        }
    }
}
