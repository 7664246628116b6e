package dev.feira.gateway.security;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.security.RolesAndScopes;
import dev.feira.defaults.security.ServiceSecurity;
import dev.feira.gateway.limits.RateLimitFilter;
import dev.feira.gateway.limits.RateLimiter;
import dev.feira.gateway.login.AccessTokens;
import dev.feira.gateway.login.LoginResultHandler;
import dev.feira.gateway.login.LoginStart;
import dev.feira.gateway.login.Logins;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemFilter;
import dev.feira.gateway.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Configures the security filter chains. Requests to routes pass without authentication, since each service verifies the
 * token itself; the gateway authorizes only what it serves to staff itself.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /**
     * Browsers load files of this site only, and nothing inline but the one style element that Swagger UI writes into
     * /api-docs, whose text is always the same.
     *
     * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy Level 3</a>
     */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
            + " 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; font-src 'self';"
            + " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final FeiraProperties feira;
    private final Logins logins;
    private final AccessTokens tokens;
    private final ProblemWriter problems;
    private final RateLimiter limiter;
    private final CsrfProtection csrfProtection;

    SecurityConfiguration(
            FeiraProperties feira,
            Logins logins,
            AccessTokens tokens,
            ProblemWriter problems,
            RateLimiter limiter,
            CsrfProtection csrfProtection) {
        this.feira = feira;
        this.logins = logins;
        this.tokens = tokens;
        this.problems = problems;
        this.limiter = limiter;
        this.csrfProtection = csrfProtection;
    }

    /** The platform page and the gateway's own parked events: for staff, with a session or a bearer token. */
    @Bean
    @Order(1)
    SecurityFilterChain platform(HttpSecurity http, @Value("${feira.inbox.parked-events-path}") String parkedEvents) {
        common(http);
        return http.securityMatcher("/platform/**", parkedEvents, parkedEvents + "/**")
                .addFilterAfter(this::withCurrentRoles, RateLimitFilter.class)
                .oauth2ResourceServer(server -> server.jwt(jwt -> jwt.jwtAuthenticationConverter(new RolesAndScopes()))
                        .authenticationEntryPoint(unauthenticated())
                        .accessDeniedHandler(forbidden())
                        .withObjectPostProcessor(ServiceSecurity.tellingOutages(unauthenticated())))
                .authorizeHttpRequests(requests -> requests.anyRequest().hasAnyRole("STAFF", "ADMIN"))
                .build();
    }

    /**
     * Renews the token first: roles in an expired one may be outdated. Services verify tokens themselves; these paths
     * have no service behind them.
     */
    private void withCurrentRoles(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        tokens.of((HttpServletRequest) request);
        chain.doFilter(request, response);
    }

    /** All other paths. */
    @Bean
    @Order(2)
    SecurityFilterChain everything(HttpSecurity http, LoginStart start, LoginResultHandler ends) {
        common(http);
        return http.oauth2Login(login -> login.loginPage("/login")
                        .authorizedClientRepository(ends)
                        .securityContextRepository(logins)
                        .authorizationEndpoint(begin -> begin.authorizationRequestResolver(start)
                                .authorizationRequestRepository(start.pending()))
                        .successHandler(ends)
                        .failureHandler(ends)
                        .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                            @Override
                            public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
                                filter.setAuthenticationFailureHandler((request, response, e) -> rethrow(e));
                                return filter;
                            }
                        }))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    /** The filter would return 500; ProblemFilter returns 503 for a lost database. */
    private static void rethrow(AuthenticationException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }

    private void common(HttpSecurity http) {
        http.securityContext(context -> context.securityContextRepository(logins))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfProtection.tokens())
                        .csrfTokenRequestHandler(csrfProtection)
                        .requireCsrfProtectionMatcher(csrfProtection))
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable) // LoginResultHandler.signOut
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(anonymous -> {})
                .exceptionHandling(errors ->
                        errors.authenticationEntryPoint(unauthenticated()).accessDeniedHandler(forbidden()))
                .headers(headers -> {
                    headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                            .frameOptions(frames -> frames.deny())
                            .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                            .permissionsPolicyHeader(policy -> policy.policy(
                                    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"))
                            .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                            .crossOriginResourcePolicy(policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                            .httpStrictTransportSecurity(this::hsts);
                })
                // no beans: Spring Boot would register them for the whole server as well
                .addFilterAfter(new ProblemFilter(problems), HeaderWriterFilter.class)
                .addFilterAfter(new RateLimitFilter(limiter), ProblemFilter.class);
    }

    /** TLS may end in front of the gateway, so the public URL decides, not the request. */
    private void hsts(HeadersConfigurer<HttpSecurity>.HstsConfig hsts) {
        if ("https".equals(feira.publicUrl().getScheme())) {
            hsts.requestMatcher(AnyRequestMatcher.INSTANCE);
        } else {
            hsts.disable();
        }
    }

    private AuthenticationEntryPoint unauthenticated() {
        return (request, response, e) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            problems.write(
                    request,
                    response,
                    new GatewayProblem(
                            HttpStatus.UNAUTHORIZED,
                            "unauthenticated",
                            "Sign in: this needs a session or a valid access token.",
                            null));
        };
    }

    private AccessDeniedHandler forbidden() {
        return (request, response, e) -> problems.write(
                request,
                response,
                e instanceof CsrfException
                        ? new GatewayProblem(
                                HttpStatus.FORBIDDEN,
                                "csrf",
                                "The CSRF token is missing or wrong. Get one with" + " GET /session.",
                                null)
                        : new GatewayProblem(
                                HttpStatus.FORBIDDEN, "forbidden", "You do not have permission to do this.", null));
    }

    /** Returns a problem for requests that StrictHttpFirewall rejects. */
    @Bean
    RequestRejectedHandler rejected() {
        return (request, response, e) ->
                problems.write(request, response, GatewayProblem.invalid("The address or a header is malformed."));
    }
}
