package dev.feira.gateway.login;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Component;

/**
 * Begins a login at {@code GET /login}; {@code continue} names the page of this site to come back to, {@code lang} the
 * language, {@code en} or {@code pt}, of the login pages.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest">OpenID Connect Core 1.0, ui_locales</a>
 */
@Component
public class LoginStart implements OAuth2AuthorizationRequestResolver {

    private static final Set<String> LANGUAGES = Set.of("en", "pt");

    private final OAuth2AuthorizationRequestResolver resolver;
    private final PendingLogins pending;

    LoginStart(ClientRegistrationRepository registrations, PendingLogins pending) {
        this.resolver = new DefaultOAuth2AuthorizationRequestResolver(registrations);
        this.pending = pending;
    }

    /** Returns the repository of begun logins. */
    public AuthorizationRequestRepository<OAuth2AuthorizationRequest> pending() {
        return pending;
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
        return "GET".equals(request.getMethod()) && "/login".equals(request.getServletPath())
                ? inLanguage(resolver.resolve(request, LoginConfiguration.REGISTRATION), request.getParameter("lang"))
                : null;
    }

    private static @Nullable OAuth2AuthorizationRequest inLanguage(
            @Nullable OAuth2AuthorizationRequest begun, @Nullable String language) {
        return begun == null || language == null || !LANGUAGES.contains(language)
                ? begun
                : OAuth2AuthorizationRequest.from(begun)
                        .additionalParameters(parameters -> parameters.put("ui_locales", language))
                        .build();
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String registration) {
        return resolver.resolve(request, registration);
    }
}
