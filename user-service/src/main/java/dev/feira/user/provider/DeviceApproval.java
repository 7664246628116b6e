package dev.feira.user.provider;

import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import java.security.Principal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Lets a user approve or deny a device that shows a code. The framework treats an opened link as consent; here the user
 * sees the client and presses a button.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628#section-5.4">RFC 8628, section 5.4, remote phishing</a>
 */
@Service
public class DeviceApproval {

    private static final OAuth2TokenType USER_CODE = new OAuth2TokenType(OAuth2ParameterNames.USER_CODE);
    private static final int HALF = 4;
    /** Wrong codes of one user before the first delay; RFC 8628, section 5.1: 20^8 codes, each valid for minutes. */
    private static final AttemptLimiter.Limit LIMIT =
            new AttemptLimiter.Limit(10, Duration.ofSeconds(10), Duration.ofMinutes(15), Duration.ofHours(1), false);

    private static final String SCOPE = "device-code";

    private final ReuseDetectingAuthorizationService authorizations;
    private final RegisteredClientRepository clients;
    private final AttemptLimiter attempts;
    private final SecurityLog securityLog;
    private final TransactionOperations transaction;

    DeviceApproval(
            ReuseDetectingAuthorizationService authorizations,
            RegisteredClientRepository clients,
            AttemptLimiter attempts,
            SecurityLog securityLog,
            TransactionOperations transaction) {
        this.authorizations = authorizations;
        this.clients = clients;
        this.attempts = attempts;
        this.securityLog = securityLog;
        this.transaction = transaction;
    }

    /**
     * A device that waits for approval.
     *
     * @param code as the device shows it
     * @param clientName display name of the client
     */
    public record Device(String code, String clientName) {}

    /** The result of a lookup. */
    public sealed interface Search {

        record Found(Device device) implements Search {}

        /** The code does not exist, was used, or has expired. */
        record Unknown() implements Search {}

        record TooMany(Duration retryAfter) implements Search {}
    }

    /** Returns the device that shows this code. */
    public Search find(String typed, UUID userId) {
        var delay = attempts.tryAcquire(SCOPE, userId.toString(), LIMIT);
        if (delay.isPresent()) {
            return new Search.TooMany(delay.get());
        }
        var code = normalized(typed);
        var waiting = waiting(code);
        if (waiting.isEmpty()) {
            return new Search.Unknown();
        }
        attempts.release(SCOPE, userId.toString());
        var client = clients.findById(waiting.get().getRegisteredClientId());
        return new Search.Found(new Device(code, client == null ? "" : client.getClientName()));
    }

    /** Lets the device act for the user; returns false if it no longer waits, or the user tried too many codes. */
    public boolean approve(String code, Authentication user) {
        return decide(code, user, SecurityEvent.Type.DEVICE_APPROVED, authorization -> {
            Set<String> requested = authorization.getAttribute(OAuth2ParameterNames.SCOPE);
            return OAuth2Authorization.from(authorization)
                    .principalName(user.getName())
                    .authorizedScopes(requested == null ? Set.of() : new LinkedHashSet<>(requested))
                    .attribute(Principal.class.getName(), user)
                    .attributes(attributes -> attributes.remove(OAuth2ParameterNames.SCOPE))
                    .invalidate(token(authorization, OAuth2UserCode.class))
                    .build();
        });
    }

    /** Denies the device; returns false like {@link #approve}. */
    public boolean deny(String code, Authentication user) {
        return decide(
                code,
                user,
                SecurityEvent.Type.DEVICE_DENIED,
                authorization -> OAuth2Authorization.from(authorization)
                        .invalidate(token(authorization, OAuth2UserCode.class))
                        .invalidate(token(authorization, OAuth2DeviceCode.class))
                        .build());
    }

    private boolean decide(
            String code, Authentication user, SecurityEvent.Type event, UnaryOperator<OAuth2Authorization> decision) {
        if (attempts.tryAcquire(SCOPE, user.getName(), LIMIT).isPresent()) {
            return false; // a decision about a code is a guess, too
        }
        return transaction.execute(_ -> {
            var waiting = waiting(normalized(code));
            waiting.ifPresent(authorization -> {
                authorizations.save(decision.apply(authorization));
                securityLog.record(
                        event,
                        UUID.fromString(user.getName()),
                        authorization.getRegisteredClientId(),
                        CallerAddress.current(),
                        Map.of());
                attempts.release(SCOPE, user.getName());
            });
            return waiting.isPresent();
        });
    }

    private Optional<OAuth2Authorization> waiting(String code) {
        @Nullable OAuth2Authorization found = authorizations.findByToken(code, USER_CODE);
        return Optional.ofNullable(found).filter(authorization -> {
            var token = authorization.getToken(OAuth2UserCode.class);
            return token != null && token.isActive();
        });
    }

    private static <T extends OAuth2Token> T token(OAuth2Authorization authorization, Class<T> type) {
        return Objects.requireNonNull(authorization.getToken(type)).getToken();
    }

    /** Accepts {@code bcdf ghjk} for {@code BCDF-GHJK}. */
    private static String normalized(String typed) {
        var letters = typed.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
        return letters.length() <= HALF ? letters : letters.substring(0, HALF) + "-" + letters.substring(HALF);
    }
}
