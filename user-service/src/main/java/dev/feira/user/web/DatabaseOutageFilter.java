package dev.feira.user.web;

import dev.feira.defaults.security.ServiceSecurity;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Returns 503 for a database outage before any controller is called: filters read sessions and tokens, too. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class DatabaseOutageFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(DatabaseOutageFilter.class);

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException e) {
            if (response.isCommitted() || !isOutage(e)) {
                throw e;
            }
            log.warn("{} {}: the database is unavailable", request.getMethod(), request.getRequestURI());
            response.reset();
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            if (isNavigation(request)) {
                page(request, response);
                return;
            }
            ServiceSecurity.write(
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "database-unavailable",
                    "The database is unavailable. Retry after 2 seconds.");
        }
    }

    /** Browsers prefer HTML when they open a page; scripts and API clients accept JSON, or anything. */
    private static boolean isNavigation(HttpServletRequest request) {
        var accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.startsWith(MediaType.TEXT_HTML_VALUE);
    }

    /** Without a template, which would read the session, and so the database. */
    private static void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var portuguese = "pt".equals(request.getLocale().getLanguage());
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setContentType(MediaType.TEXT_HTML_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        var title = portuguese ? "De momento indisponível" : "Not available right now";
        response.getWriter().write("""
                <!DOCTYPE html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s · Feira</title>
                <link rel="stylesheet" href="%s/assets/css/feira-id.css">
                </head>
                <body>
                <header class="brand"><a href="/">Feira</a></header>
                <main class="card"><h1>%s</h1><p>%s</p></main>
                </body>
                </html>
                """.formatted(
                        portuguese ? "pt" : "en",
                        title,
                        request.getContextPath(),
                        title,
                        portuguese
                                ? "Tente de novo dentro de momentos, recarregando esta página."
                                : "Please reload this page in a moment to try again."));
    }

    private static boolean isOutage(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataAccessException
                    || cause instanceof TransactionException
                    || cause instanceof SQLException) {
                return true;
            }
        }
        return false;
    }
}
