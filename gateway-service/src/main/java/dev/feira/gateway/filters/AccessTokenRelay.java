package dev.feira.gateway.filters;

import dev.feira.gateway.login.AccessTokens;
import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.ForwardedCredentials;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Sends an access token to the service: the client's own bearer token unchanged, otherwise the one in the browser's
 * session. Spring's {@code TokenRelay} prefers the session over a bearer token, and fails a catalog read while the
 * session database is away. A service behind a route without this filter gets no credentials. The filter stands in front of the deadline: a
 * renewal has a limit of its own.
 */
@Component
class AccessTokenRelay {

    private final AccessTokens tokens;

    AccessTokenRelay(AccessTokens tokens) {
        this.tokens = tokens;
    }

    /** What happens when the session's token cannot be read or renewed. */
    enum Mode {
        /** 503. */
        REQUIRED,
        /** The request goes on as an anonymous one. */
        OPTIONAL
    }

    ServerResponse filter(Mode mode, ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        var servlet = request.servletRequest();
        try {
            tokens.of(servlet)
                    .map("Bearer "::concat)
                    .or(() -> Optional.ofNullable(servlet.getHeader(HttpHeaders.AUTHORIZATION)))
                    .ifPresent(value -> ForwardedCredentials.authorization(servlet, value));
        } catch (ProblemException unavailable) {
            if (mode == Mode.REQUIRED) {
                throw unavailable;
            }
        }
        return next.handle(request);
    }
}
