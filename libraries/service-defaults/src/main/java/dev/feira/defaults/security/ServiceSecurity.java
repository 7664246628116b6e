package dev.feira.defaults.security;

import dev.feira.defaults.problem.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Configures a service that accepts bearer tokens: no session, no CSRF protection (there is no cookie), token verification, and
 * 401 and 403 as problems.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750, bearer tokens</a>
 */
public final class ServiceSecurity {

    private ServiceSecurity() {}

    /** Configures {@code http}; the service adds its authorization rules. */
    public static void apply(HttpSecurity http) {
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .exceptionHandling(errors ->
                        errors.authenticationEntryPoint(unauthenticated()).accessDeniedHandler(forbidden()))
                .oauth2ResourceServer(server -> server.jwt(jwt -> jwt.jwtAuthenticationConverter(new RolesAndScopes()))
                        .authenticationEntryPoint(unauthenticated())
                        .accessDeniedHandler(forbidden())
                        .withObjectPostProcessor(tellingOutages(unauthenticated())));
    }

    /** Returns 503 instead of 500 if a token cannot be verified; an invalid token goes to {@code rejected}. */
    public static ObjectPostProcessor<BearerTokenAuthenticationFilter> tellingOutages(
            AuthenticationEntryPoint rejected) {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                filter.setAuthenticationFailureHandler((request, response, e) -> {
                    if (e instanceof AuthenticationServiceException) {
                        keysUnavailable(response);
                    } else {
                        rejected.commence(request, response, e);
                    }
                });
                return filter;
            }
        };
    }

    /**
     * Returns 401 with {@code WWW-Authenticate} and a problem. Spring's entry point adds a link to resource metadata at the
     * pod's own address, where no client can read it.
     */
    public static AuthenticationEntryPoint unauthenticated() {
        return (request, response, e) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge(e));
            write(response, HttpStatus.UNAUTHORIZED, "unauthenticated", "A valid access token is required. Sign in.");
        };
    }

    private static String challenge(AuthenticationException e) {
        if (!(e instanceof OAuth2AuthenticationException rejected)) {
            return "Bearer";
        }
        var error = rejected.getError();
        return error.getDescription() == null
                ? "Bearer error=\"%s\"".formatted(error.getErrorCode())
                : "Bearer error=\"%s\", error_description=\"%s\""
                        .formatted(error.getErrorCode(), error.getDescription().replaceAll("[^ !#-\\[\\]-~]", ""));
    }

    /** Returns 403 with a problem. */
    public static AccessDeniedHandler forbidden() {
        return (request, response, e) ->
                write(response, HttpStatus.FORBIDDEN, "forbidden", "You do not have permission to do this.");
    }

    private static void keysUnavailable(HttpServletResponse response) throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, "2");
        write(
                response,
                HttpStatus.SERVICE_UNAVAILABLE,
                "identity-unavailable",
                "The access token cannot be verified: user-service is unavailable. Retry after 2 seconds.");
    }

    /**
     * Writes a problem outside of Spring MVC.
     *
     * @param kind the last part of the problem's type
     */
    public static void write(HttpServletResponse response, HttpStatus status, String kind, @Nullable String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding("UTF-8");
        // all values are constants: nothing to escape
        response.getWriter()
                .write("{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d%s}"
                        .formatted(
                                Problem.type(kind),
                                status.getReasonPhrase(),
                                status.value(),
                                detail == null ? "" : ",\"detail\":\"" + detail + "\""));
    }
}
