package dev.feira.user.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.security.ServiceSecurity;
import dev.feira.user.config.UserProperties;
import dev.feira.user.provider.AuthorizationError;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.session.autoconfigure.DefaultCookieSerializerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;

/** Authorizes requests: bearer tokens for the account API, the browser session for the pages. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String SESSION_COOKIE = "FEIRA_ID";

    /** The pages of links in messages. */
    private static final String[] LINK_PAGES = {"/verification", "/password-reset", "/email-change"};

    /** The session attribute with the e-mail address of a rejected sign-in, for the next form. */
    static final String TYPED_EMAIL = "feira.typed-email";

    @Bean
    @Order(4)
    SecurityFilterChain apiSecurity(HttpSecurity http) {
        ServiceSecurity.apply(http);
        http.securityMatcher(
                        "/users",
                        "/users/**",
                        "/keys/**",
                        "/security-events",
                        "/audit",
                        "/feeds/**",
                        "/openapi.json",
                        "/openapi.json/**")
                .authorizeHttpRequests(
                        requests -> requests.requestMatchers(HttpMethod.GET, "/openapi.json", "/openapi.json/public")
                                .permitAll()
                                .requestMatchers(HttpMethod.POST, "/users")
                                .permitAll()
                                .requestMatchers("/users/me", "/users/me/**")
                                .hasAnyRole("CUSTOMER", "STAFF", "ADMIN")
                                .requestMatchers(HttpMethod.GET, "/users")
                                .hasRole("ADMIN")
                                .requestMatchers(HttpMethod.PUT, "/users/{id}/roles")
                                .hasRole("ADMIN")
                                .requestMatchers(HttpMethod.POST, "/keys/rotation")
                                .hasRole("ADMIN")
                                .requestMatchers(HttpMethod.GET, "/keys", "/security-events")
                                .hasRole("ADMIN")
                                .requestMatchers(HttpMethod.GET, "/audit")
                                .hasAnyRole("STAFF", "ADMIN")
                                .requestMatchers("/feeds/users")
                                .hasAuthority("SCOPE_feeds.users")
                                .anyRequest()
                                .denyAll());
        return http.build();
    }

    @Bean
    @Order(5)
    SecurityFilterChain pageSecurity(HttpSecurity http, FeiraProperties settings, UserProperties users) {
        http.authorizeHttpRequests(requests -> requests.requestMatchers(
                                HttpMethod.GET, "/login", "/welcome", "/logout", "/signed-out", AuthorizationError.PATH)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/assets/**")
                        .permitAll()
                        .requestMatchers("/error")
                        .permitAll()
                        .requestMatchers(LINK_PAGES)
                        .permitAll()
                        .requestMatchers("/activate", "/activate/**")
                        .authenticated()
                        .anyRequest()
                        .denyAll())
                .formLogin(form -> form.loginPage("/login")
                        .usernameParameter("email")
                        .passwordParameter("password")
                        .successHandler(signedIn(settings, users.signIn().session()))
                        .failureHandler(SecurityConfiguration::rejected))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(SecurityConfiguration::signIn)
                        .accessDeniedHandler(SecurityConfiguration::accessDenied))
                .logout(logout -> logout.logoutSuccessUrl(settings.publicUrl() + "/")
                        .deleteCookies(settings.cookieName(SESSION_COOKIE)))
                .headers(headers -> headers.contentSecurityPolicy(policy ->
                                // no form-action: browsers apply it to the redirects back to clients, too
                                policy.policyDirectives("default-src 'none'; style-src 'self'; img-src 'self' data:;"
                                        + " base-uri 'none'; frame-ancestors 'none'"))
                        .referrerPolicy(
                                policy -> policy.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER)));
        return http.build();
    }

    private static void signIn(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException, ServletException {
        if (path(request).startsWith("/activate")) {
            new LoginUrlAuthenticationEntryPoint("/login").commence(request, response, e);
        } else {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** Shows the form again if its CSRF token is outdated: it was open for too long, or in two tabs. */
    private static void accessDenied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        var path = path(request);
        var page = path.equals("/logout")
                ? "/logout"
                : path.startsWith("/activate")
                        ? "/activate"
                        : path.equals("/login") ? "/login?stale" : linkPage(path, request.getParameter("token"));
        if (page == null || !(e instanceof CsrfException)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND); // every page is public, or for all who are signed in
        } else {
            response.sendRedirect(request.getContextPath() + page);
        }
    }

    private static @Nullable String linkPage(String path, @Nullable String token) {
        return !List.of(LINK_PAGES).contains(path)
                ? null
                : token == null ? path : path + "?token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    /** Extends the idle timeout of the session, which has a new id by now. */
    private static AuthenticationSuccessHandler signedIn(FeiraProperties settings, Duration session) {
        var redirect = new SavedRequestAwareAuthenticationSuccessHandler();
        // without a client that waits, continue in the shop, which starts an authorization request
        redirect.setDefaultTargetUrl(settings.publicUrl() + "/login");
        return (request, response, authentication) -> {
            request.getSession().setMaxInactiveInterval(Math.toIntExact(session.toSeconds()));
            redirect.onAuthenticationSuccess(request, response, authentication);
        };
    }

    private static void rejected(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        var email = request.getParameter("email");
        if (email != null) {
            request.getSession().setAttribute(TYPED_EMAIL, email.substring(0, Math.min(email.length(), 254)));
        }
        var reason = switch (e) {
            case PasswordAuthenticationProvider.Blocked blocked -> "wait=" + blocked.seconds();
            case PasswordAuthenticationProvider.Busy _ -> "busy";
            default -> "error";
        };
        response.sendRedirect(request.getContextPath() + "/login?" + reason);
    }

    /** Writes session attributes by upsert, so that parallel requests do not fail. */
    @Bean
    PostgreSqlJdbcIndexedSessionRepositoryCustomizer sessionUpserts() {
        return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
    }

    @Bean
    DefaultCookieSerializerCustomizer sessionCookie(FeiraProperties settings) {
        return cookie -> {
            cookie.setCookieName(settings.cookieName(SESSION_COOKIE));
            cookie.setUseSecureCookie("https".equals(settings.publicUrl().getScheme()));
        };
    }
}
