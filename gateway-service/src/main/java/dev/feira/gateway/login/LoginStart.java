package dev.feira.gateway.login;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Component;

/** Begins a login at {@code GET /login}; {@code continue} names the page of this site to come back to. */
@Component
public class LoginStart implements OAuth2AuthorizationRequestResolver {

    private final OAuth2AuthorizationRequestResolver resolver;
    private final PendingLogins pending;

    LoginStart(ClientRegistrationRepository registrations, PendingLogins pending) {
        this.resolver = new DefaultOAuth2AuthorizationRequestResolver(registrations);
        this.pending = pending;
    }

    /** Returns where begun logins are kept. */
    public AuthorizationRequestRepository<OAuth2AuthorizationRequest> pending() {
        return pending;
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
        return "GET".equals(request.getMethod()) && "/login".equals(request.getServletPath())
                ? resolver.resolve(request, LoginConfiguration.REGISTRATION)
                : null;
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String registration) {
        return resolver.resolve(request, registration);
    }
}
