package dev.feira.gateway.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the logins that a browser has begun in its session: the login may end at another replica, and several tabs may
 * sign in at once. Spring's own repository stores one.
 */
@Component
class PendingLogins implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    private static final String ATTRIBUTE = "feira.pending";
    private static final String CONTINUE = PendingLogins.class.getName() + ".continue";
    private static final int LIMIT = 5;

    private final ClientRegistration registration;
    private final LoginProperties settings;
    private final JsonMapper json;
    private final Clock clock;

    PendingLogins(ClientRegistration registration, LoginProperties settings, JsonMapper json, Clock clock) {
        this.registration = registration;
        this.settings = settings;
        this.json = json;
        this.clock = clock;
    }

    private record Pending(String state, String nonce, String verifier, String continueTo, Instant at) {}

    /** Returns the page to go to after the login that ends with this request. */
    static String continueTo(HttpServletRequest request) {
        return request.getAttribute(CONTINUE) instanceof String path ? path : "/";
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return find(request).map(this::restored).orElse(null);
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest authorization,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (authorization == null) {
            return;
        }
        var oldest = clock.instant().minus(settings.pending());
        var kept = new ArrayList<>(all(request).stream()
                .filter(pending -> pending.at.isAfter(oldest))
                .toList());
        kept.add(new Pending(
                Objects.requireNonNull(authorization.getState()),
                Objects.requireNonNull(authorization.<String>getAttribute(OidcParameterNames.NONCE)),
                Objects.requireNonNull(authorization.<String>getAttribute(PkceParameterNames.CODE_VERIFIER)),
                LocalPath.of(request.getParameter("continue")),
                clock.instant()));
        store(request, kept.subList(Math.max(0, kept.size() - LIMIT), kept.size()));
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        var found = find(request);
        found.ifPresent(pending -> {
            store(
                    request,
                    all(request).stream()
                            .filter(other -> !other.equals(pending))
                            .toList());
            request.setAttribute(CONTINUE, pending.continueTo);
        });
        return found.map(this::restored).orElse(null);
    }

    private Optional<Pending> find(HttpServletRequest request) {
        var state = request.getParameter(OAuth2ParameterNames.STATE);
        var oldest = clock.instant().minus(settings.pending());
        return all(request).stream()
                .filter(pending -> pending.state.equals(state) && pending.at.isAfter(oldest))
                .findFirst();
    }

    private List<Pending> all(HttpServletRequest request) {
        var session = request.getSession(false);
        return session != null && session.getAttribute(ATTRIBUTE) instanceof String stored
                ? json.readValue(stored, new TypeReference<List<Pending>>() {})
                : List.of();
    }

    private void store(HttpServletRequest request, List<Pending> pending) {
        request.getSession(true).setAttribute(ATTRIBUTE, json.writeValueAsString(pending));
    }

    private OAuth2AuthorizationRequest restored(Pending pending) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(
                        Objects.requireNonNull(registration.getProviderDetails().getAuthorizationUri()))
                .clientId(registration.getClientId())
                .redirectUri(registration.getRedirectUri())
                .scopes(registration.getScopes())
                .state(pending.state)
                .attributes(Map.of(
                        OAuth2ParameterNames.REGISTRATION_ID, registration.getRegistrationId(),
                        OidcParameterNames.NONCE, pending.nonce,
                        PkceParameterNames.CODE_VERIFIER, pending.verifier))
                .build();
    }
}
