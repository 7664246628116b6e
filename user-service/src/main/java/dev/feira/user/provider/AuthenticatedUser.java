package dev.feira.user.provider;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;

/** Represents a user who signed in with a password, as sessions and authorizations store it: the id and the time. */
public final class AuthenticatedUser {

    private AuthenticatedUser() {}

    public static UsernamePasswordAuthenticationToken of(String userId, Instant authenticatedAt) {
        return UsernamePasswordAuthenticationToken.authenticated(
                userId,
                null,
                List.of(FactorGrantedAuthority.withAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)
                        .issuedAt(authenticatedAt)
                        .build()));
    }

    /** Returns when the user authenticated, or null for a client's own authentication. */
    public static @Nullable Instant authenticatedAt(@Nullable Authentication principal) {
        return principal == null
                ? null
                : principal.getAuthorities().stream()
                        .filter(FactorGrantedAuthority.class::isInstance)
                        .map(authority -> ((FactorGrantedAuthority) authority).getIssuedAt())
                        .max(Instant::compareTo)
                        .orElse(null);
    }
}
