package dev.feira.gateway.login;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.util.WebUtils;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the login in a browser's session: two attributes of JSON. */
@Component
public class Logins implements SecurityContextRepository {

    static final String COOKIE = "FEIRA_SESSION";
    static final String PERSON = "feira.person";
    static final String TOKENS = "feira.tokens";

    private static final String FOUND = Logins.class.getName();

    private final JsonMapper json;
    private final LoginProperties settings;
    private final String cookie;

    Logins(JsonMapper json, LoginProperties settings, FeiraProperties feira) {
        this.json = json;
        this.settings = settings;
        this.cookie = feira.cookieName(COOKIE);
    }

    /** Returns whether the request carries the session cookie; the session may be unknown. */
    public boolean hasCookie(HttpServletRequest request) {
        return WebUtils.getCookie(request, cookie) != null;
    }

    /**
     * Returns the login, empty without one. Reads the database at most once in a request, and not at all
     * without the cookie.
     *
     * @throws ProblemException 503 where the session cannot be read
     */
    public Optional<Login> current(HttpServletRequest request) {
        if (request.getAttribute(FOUND) instanceof Optional<?> found) {
            return found.map(Login.class::cast);
        }
        if (!hasCookie(request)) {
            return Optional.empty();
        }
        var found = read(request);
        request.setAttribute(FOUND, found);
        return found;
    }

    private Optional<Login> read(HttpServletRequest request) {
        try {
            var session = request.getSession(false);
            return session == null ? Optional.empty() : read(session::getAttribute);
        } catch (DataAccessException | TransactionException e) {
            throw new ProblemException(GatewayProblem.DATABASE_UNAVAILABLE);
        }
    }

    /** Reads a login from a session's attributes. */
    Optional<Login> read(Function<String, @Nullable Object> attributes) {
        return attributes.apply(PERSON) instanceof String person && attributes.apply(TOKENS) instanceof String tokens
                ? Optional.of(new Login(
                        json.readValue(person, Login.Person.class), json.readValue(tokens, Login.Tokens.class)))
                : Optional.empty();
    }

    void write(Login.Person person, BiConsumer<String, Object> attributes) {
        attributes.accept(PERSON, json.writeValueAsString(person));
    }

    void write(Login.Tokens tokens, BiConsumer<String, Object> attributes) {
        attributes.accept(TOKENS, json.writeValueAsString(tokens));
    }

    /** Puts a login into the request's session, which then lives as long as logins do. */
    void begin(HttpServletRequest request, Login login) {
        var session = request.getSession(true);
        write(login.person(), session::setAttribute);
        write(login.tokens(), session::setAttribute);
        session.setMaxInactiveInterval((int) settings.idle().toSeconds());
        request.setAttribute(FOUND, Optional.of(login));
    }

    /** Ends the request's session, here and for all replicas. */
    void end(HttpServletRequest request) {
        try {
            var session = request.getSession(false);
            if (session != null) {
                session.invalidate();
            }
        } catch (DataAccessException | TransactionException e) {
            throw new ProblemException(GatewayProblem.DATABASE_UNAVAILABLE);
        }
        request.setAttribute(FOUND, Optional.empty());
    }

    /** Replaces what was read before in this request. */
    void replace(HttpServletRequest request, Optional<Login> login) {
        request.setAttribute(FOUND, login);
    }

    @Override
    @Deprecated
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return context(holder.getRequest());
    }

    /** Nothing to do: {@link #begin} writes the login. */
    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {}

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return current(request).isPresent();
    }

    private SecurityContext context(HttpServletRequest request) {
        var context = SecurityContextHolder.createEmptyContext();
        current(request)
                .ifPresent(login -> context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                        login.person().subject(), null, authorities(login.roles()))));
        return context;
    }

    private static List<SimpleGrantedAuthority> authorities(List<String> roles) {
        return roles.stream()
                .map(role -> new SimpleGrantedAuthority("ROLE_" + role.toUpperCase(Locale.ROOT)))
                .toList();
    }
}
