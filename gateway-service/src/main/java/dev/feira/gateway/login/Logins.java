package dev.feira.gateway.login;

import dev.feira.defaults.FeiraProperties;
import dev.feira.gateway.problem.DatabaseUnavailable;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/** Finds out who a browser's session belongs to, and keeps it there. */
@Component
public class Logins implements SecurityContextRepository {

    static final String PERSON = "feira.person";
    static final String TOKENS = "feira.tokens";

    private static final String FOUND = Logins.class.getName();

    private final JsonMapper json;
    private final LoginProperties settings;
    private final String cookie;

    Logins(JsonMapper json, LoginProperties settings, ServerProperties server, FeiraProperties feira) {
        this.json = json;
        this.settings = settings;
        this.cookie = Optional.ofNullable(
                        server.getServlet().getSession().getCookie().getName())
                .orElse("FEIRA_SESSION");
    }

    /** Returns whether the request carries the session cookie; says nothing of what it is worth. */
    public boolean hasCookie(HttpServletRequest request) {
        var cookies = request.getCookies();
        return cookies != null && Arrays.stream(cookies).map(Cookie::getName).anyMatch(cookie::equals);
    }

    /**
     * Returns who is signed in, empty for anybody else. Reads the database at most once in a request, and not at all
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
            if (session != null
                    && session.getAttribute(PERSON) instanceof String person
                    && session.getAttribute(TOKENS) instanceof String tokens) {
                return Optional.of(new Login(
                        json.readValue(person, Login.Person.class), json.readValue(tokens, Login.Tokens.class)));
            }
            return Optional.empty();
        } catch (DataAccessException | TransactionException e) {
            throw new ProblemException(DatabaseUnavailable.FAILURE);
        }
    }

    /** Puts a login into the request's session, which from now on lives as long as logins do. */
    void begin(HttpServletRequest request, Login login) {
        var session = request.getSession(true);
        session.setAttribute(PERSON, json.writeValueAsString(login.person()));
        session.setAttribute(TOKENS, json.writeValueAsString(login.tokens()));
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
            throw new ProblemException(DatabaseUnavailable.FAILURE);
        }
        request.setAttribute(FOUND, Optional.empty());
    }

    /** What was found before is no longer so. */
    void forget(HttpServletRequest request, Optional<Login> now) {
        request.setAttribute(FOUND, now);
    }

    Login.Tokens tokens(byte[] attribute) {
        return json.readValue(attribute, Login.Tokens.class);
    }

    byte[] attribute(Login.Tokens tokens) {
        return json.writeValueAsBytes(tokens);
    }

    Login.Person person(byte[] attribute) {
        return json.readValue(attribute, Login.Person.class);
    }

    byte[] attribute(Login.Person person) {
        return json.writeValueAsBytes(person);
    }

    @Override
    @Deprecated
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return context(holder.getRequest());
    }

    @Override
    public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
        return new Deferred(() -> context(request));
    }

    /** Nothing to do: {@link #begin} has written what is to stay. */
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

    /** Reads the session when somebody asks who it is, not before. */
    private static final class Deferred implements DeferredSecurityContext {

        private final Supplier<SecurityContext> read;
        private @Nullable SecurityContext context;

        Deferred(Supplier<SecurityContext> read) {
            this.read = read;
        }

        @Override
        public SecurityContext get() {
            var known = context;
            if (known == null) {
                known = read.get();
                context = known;
            }
            return known;
        }

        @Override
        public boolean isGenerated() {
            return get().getAuthentication() == null;
        }
    }
}
