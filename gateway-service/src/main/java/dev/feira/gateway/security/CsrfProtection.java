package dev.feira.gateway.security;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.login.AccessTokens;
import dev.feira.gateway.login.Logins;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.csrf.CsrfTokenRequestHandler;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;

/**
 * Protects users with a session cookie from requests that another site makes their browser send. A request that
 * changes something needs the value of the {@code XSRF-TOKEN} cookie in the {@code X-XSRF-TOKEN} header. Where the
 * browser says which site it comes from, that must be this one. Requests with a bearer token need neither: no browser
 * sends one by itself. The pages of user-service protect their own forms, and webhooks are signed.
 */
@Component
public class CsrfProtection implements RequestMatcher, CsrfTokenRequestHandler {

    public static final String COOKIE = "XSRF-TOKEN";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Logins logins;
    private final URI publicUrl;
    private final String cookie;
    private final CsrfTokenRequestAttributeHandler attributes = new CsrfTokenRequestAttributeHandler();

    CsrfProtection(Logins logins, FeiraProperties feira) {
        this.logins = logins;
        this.publicUrl = feira.publicUrl();
        this.cookie = feira.cookieName(COOKIE);
    }

    CsrfTokenRepository tokens() {
        var tokens = CookieCsrfTokenRepository.withHttpOnlyFalse(); // the page's script reads it: that is the proof
        tokens.setCookieName(cookie);
        tokens.setCookieCustomizer(
                cookie -> cookie.path("/").sameSite("Lax").secure("https".equals(publicUrl.getScheme())));
        return tokens;
    }

    /** Whether a request needs the token. */
    @Override
    public boolean matches(HttpServletRequest request) {
        var path = request.getRequestURI();
        return !SAFE.contains(request.getMethod())
                && !path.startsWith("/id/")
                && !path.startsWith("/api/webhooks/")
                && !AccessTokens.bringsBearer(request)
                && logins.hasCookie(request);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, Supplier<CsrfToken> token) {
        attributes.handle(request, response, token);
    }

    /** From the header only: reading a parameter would consume a body that belongs to a service. */
    @Override
    public @Nullable String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
        return isCrossSite(request) ? null : request.getHeader(token.getHeaderName());
    }

    private boolean isCrossSite(HttpServletRequest request) {
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))) {
            return true;
        }
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return false;
        }
        var own = publicUrl.getScheme() + "://" + publicUrl.getAuthority();
        var host = Objects.requireNonNullElse(request.getHeader(HttpHeaders.HOST), "");
        return !origin.equals(own) && !origin.equals("http://" + host) && !origin.equals("https://" + host);
    }
}
