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

/** Requires the shop's API key, except for the endpoints that browsers call. */
@Component
class ApiKeyFilter extends OncePerRequestFilter {

    private static final Set<String> PUBLIC = Set.of("POST /tokens", "GET /cards", "HEAD /cards");

    private final byte[] expected;
    private final JsonMapper json;

    ApiKeyFilter(PaymentProperties settings, JsonMapper json) {
        this.expected = ("Bearer " + settings.apiKey()).getBytes(StandardCharsets.UTF_8);
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // compares the raw path: any other spelling requires the key
        if (PUBLIC.contains(request.getMethod() + " " + request.getRequestURI()) || hasKey(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(HttpStatus.UNAUTHORIZED.value());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(
                response.getOutputStream(),
                Problem.of(HttpStatus.UNAUTHORIZED, "unauthenticated", "Send the API key as bearer token."));
    }

    private boolean hasKey(HttpServletRequest request) {
        var given = request.getHeader(HttpHeaders.AUTHORIZATION);
        // compares in constant time
        return given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
    }
}
