package dev.feira.payment.web;

import dev.feira.defaults.problem.Problem;
import dev.feira.payment.config.PaymentProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Lets nobody without the shop's key in, except where a buyer's browser calls. */
@Component
class ApiKeyFilter extends OncePerRequestFilter {

    private static final Set<String> OPEN = Set.of("POST /tokens", "GET /cards", "HEAD /cards");

    private final byte[] expected;
    private final JsonMapper json;

    ApiKeyFilter(PaymentProperties settings, JsonMapper json) {
        this.expected = ("Bearer " + settings.apiKey()).getBytes(StandardCharsets.UTF_8);
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // The raw path, compared exactly: whatever is spelled in another way needs the key
        if (OPEN.contains(request.getMethod() + " " + request.getRequestURI()) || hasKey(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(HttpStatus.UNAUTHORIZED.value());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(
                response.getOutputStream(),
                Problem.of(HttpStatus.UNAUTHORIZED, "unauthenticated", "This needs the API key as bearer token."));
    }

    private boolean hasKey(HttpServletRequest request) {
        var given = request.getHeader(HttpHeaders.AUTHORIZATION);
        // Takes the same time wherever the first wrong character is
        return given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
    }
}
