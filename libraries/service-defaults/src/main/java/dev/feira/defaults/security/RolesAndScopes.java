package dev.feira.defaults.security;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Converts the claims {@code roles} and {@code scope} to authorities {@code ROLE_…} and {@code SCOPE_…}; the name is the subject. */
public final class RolesAndScopes implements Converter<Jwt, AbstractAuthenticationToken> {

    @Override
    public AbstractAuthenticationToken convert(Jwt jwt) {
        List<GrantedAuthority> authorities = new ArrayList<>();
        for (var role : Objects.requireNonNullElse(jwt.getClaimAsStringList("roles"), List.<String>of())) {
            authorities.add(new SimpleGrantedAuthority("ROLE_" + role.toUpperCase(Locale.ROOT)));
        }
        for (var scope : scopes(jwt)) {
            authorities.add(new SimpleGrantedAuthority("SCOPE_" + scope));
        }
        var subject = jwt.getSubject();
        if (subject == null) {
            throw new InvalidBearerTokenException("the token has no subject");
        }
        return new JwtAuthenticationToken(jwt, authorities, subject);
    }

    /** Reads both forms: a string separated by spaces (RFC 8693), and the list that Spring Authorization Server issues. */
    private static List<String> scopes(Jwt jwt) {
        Object scope = jwt.getClaim("scope");
        return switch (scope) {
            case String text when !text.isBlank() -> List.of(text.split(" "));
            case Iterable<?> list -> {
                var scopes = new ArrayList<String>();
                list.forEach(entry -> scopes.add(String.valueOf(entry)));
                yield scopes;
            }
            case null, default -> List.of();
        };
    }
}
