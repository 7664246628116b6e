package dev.feira.user.provider;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Requires a new sign-in where the client asks for one: {@code prompt=login}, {@code max_age}, or the ID token of another
 * person. The framework then treats the user as signed out. Redirects a request by POST to the same by GET, which a sign-in
 * can continue.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest">OpenID Connect Core 1.0, section 3.1.2.1</a>
 */
final class AuthorizationRequestFilter extends OncePerRequestFilter {

    private static final String PROMPT = "prompt";
    private static final String MAX_AGE = "max_age";
    private static final String ID_TOKEN_HINT = "id_token_hint";

    /** The parameter that Spring Security adds to the request that continues after a sign-in. */
    private static final String CONTINUED = "continue";

    /** Tomcat writes response headers of up to 8 KB. */
    private static final int LONGEST_QUERY = 6_000;

    private static final String WITHOUT_PAGES = AuthorizationRequestFilter.class.getName() + ".without-pages";

    private final RequestMatcher matcher;
    private final JwtDecoder idTokens;
    private final Clock clock;

    /** @param idTokens checks signature and issuer; an ID token may have expired */
    AuthorizationRequestFilter(RequestMatcher matcher, JwtDecoder idTokens, Clock clock) {
        this.matcher = matcher;
        this.idTokens = idTokens;
        this.clock = clock;
    }

    /** Stores requests without the parameters that would ask for another sign-in, and none of a client that forbids pages. */
    static final class PendingRequests extends HttpSessionRequestCache {

        @Override
        public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
            if (!forbidsPages(request)) {
                super.saveRequest(new RequestWithout(request, Set.of(PROMPT, MAX_AGE)), response);
            }
        }
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !matcher.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var user = SecurityContextHolder.getContext().getAuthentication();
        var isOfAnother = user != null && isOfAnother(request.getParameter(ID_TOKEN_HINT), user);
        var mayContinue = user != null && !isOfAnother && !needsSignIn(request, user);
        if (HttpMethod.POST.matches(request.getMethod())
                && !(mayContinue && request.getParameter(OAuth2ParameterNames.RESPONSE_TYPE) != null)) {
            redirectToGet(request, response);
            return;
        }
        if (isOfAnother && request.getParameter(CONTINUED) != null) {
            request.setAttribute(WITHOUT_PAGES, true); // another person has just signed in: asking again would not end
        }
        if (!mayContinue) {
            SecurityContextHolder.clearContext(); // for this request: the session keeps its context
        }
        chain.doFilter(request, response);
    }

    private static void redirectToGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var query = RequestWithout.query(request.getParameterMap());
        if (query.length() > LONGEST_QUERY) {
            response.sendError(HttpStatus.URI_TOO_LONG.value());
            return;
        }
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader(HttpHeaders.LOCATION, request.getRequestURL() + "?" + query);
    }

    /** Whether the client gets {@code login_required} instead of a page. */
    static boolean forbidsPages(HttpServletRequest request) {
        return prompts(request).contains("none") || request.getAttribute(WITHOUT_PAGES) != null;
    }

    private static List<String> prompts(HttpServletRequest request) {
        var prompt = request.getParameter(PROMPT);
        return prompt == null ? List.of() : Arrays.asList(prompt.split(" "));
    }

    private boolean needsSignIn(HttpServletRequest request, Authentication user) {
        var prompts = prompts(request);
        return prompts.contains("login")
                || prompts.contains("select_account")
                || isTooOld(request.getParameter(MAX_AGE), user);
    }

    /** An age that is not a number is rejected later: {@link AuthorizationRequestValidator}. */
    private boolean isTooOld(@Nullable String maxAge, Authentication user) {
        var authenticatedAt = AuthenticatedUser.authenticatedAt(user);
        if (maxAge == null || !maxAge.matches("\\d{1,9}")) {
            return false;
        }
        if (authenticatedAt == null) {
            return true;
        }
        var age = Duration.between(authenticatedAt, clock.instant());
        return maxAge.equals("0") || age.compareTo(Duration.ofSeconds(Long.parseLong(maxAge))) > 0;
    }

    private boolean isOfAnother(@Nullable String idTokenHint, Authentication user) {
        if (idTokenHint == null || idTokenHint.isBlank()) {
            return false;
        }
        try {
            return !user.getName().equals(idTokens.decode(idTokenHint).getSubject());
        } catch (JwtException e) {
            return true; // an ID token of another provider
        }
    }
}
