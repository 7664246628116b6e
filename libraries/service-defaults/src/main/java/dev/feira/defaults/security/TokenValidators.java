package dev.feira.defaults.security;

import dev.feira.defaults.FeiraProperties;
import java.util.List;
import java.util.Objects;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;

/** Creates the validator of a token's claims, the same for all services (RFC 8725, section 3). */
public final class TokenValidators {

    private TokenValidators() {}

    /** Returns a validator of type, issuer, audience, not-before and expiry, with the clock tolerance of {@code identity}. */
    public static OAuth2TokenValidator<Jwt> of(FeiraProperties.Identity identity) {
        return JwtValidators.createDefaultWithValidators(List.of(
                new JwtTimestampValidator(identity.clockTolerance()),
                new JwtIssuerValidator(identity.issuer()),
                new JwtClaimValidator<Object>(JwtClaimNames.EXP, Objects::nonNull), // tokens must expire
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, audience -> audience != null && audience.contains(identity.audience()))));
    }
}
