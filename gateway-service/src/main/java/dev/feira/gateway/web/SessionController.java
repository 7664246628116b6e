package dev.feira.gateway.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.login.AccessTokens;
import dev.feira.gateway.login.Login;
import dev.feira.gateway.login.LoginResultHandler;
import dev.feira.gateway.login.Logins;
import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.security.CsrfProtection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Returns the signed-in user to the pages, and signs out. */
@RestController
class SessionController {

    private final FeiraProperties feira;
    private final Logins logins;
    private final AccessTokens tokens;
    private final LoginResultHandler ends;

    SessionController(Logins logins, AccessTokens tokens, LoginResultHandler ends, FeiraProperties feira) {
        this.feira = feira;
        this.logins = logins;
        this.tokens = tokens;
        this.ends = ends;
    }

    record SessionResponse(
            boolean authenticated,
            @Nullable String name,
            @Nullable String email,
            List<String> roles,
            Csrf csrf) {

        record Csrf(String headerName, String parameterName, String cookieName) {}
    }

    /** Also sets the {@code XSRF-TOKEN} cookie, which the pages copy into the header. */
    @GetMapping("/session")
    SessionResponse session(HttpServletRequest request, CsrfToken csrf) {
        csrf.getToken(); // creates the token and its cookie if missing
        var names = new SessionResponse.Csrf(
                csrf.getHeaderName(), csrf.getParameterName(), feira.cookieName(CsrfProtection.COOKIE));
        return current(request)
                .map(login -> new SessionResponse(
                        true, login.person().name(), login.person().email(), login.roles(), names))
                .orElseGet(() -> new SessionResponse(false, null, null, List.of(), names));
    }

    /** Ends a login whose tokens user-service rejects, but not one that cannot be renewed right now. */
    private Optional<Login> current(HttpServletRequest request) {
        var login = logins.current(request);
        if (login.isPresent()) {
            try {
                tokens.of(request);
            } catch (ProblemException unavailable) {
                return login;
            }
        }
        return logins.current(request);
    }

    @PostMapping("/logout")
    void signOut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ends.signOut(request, response);
    }
}
