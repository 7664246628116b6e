package dev.feira.gateway.login;

import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user who is signed in with a browser.
 *
 * @param person the user
 * @param tokens what acts in their name; never leaves the platform
 */
public record Login(Person person, Tokens tokens) {

    /**
     * Who is signed in.
     *
     * @param subject the user's id
     * @param idToken names the login to user-service when it ends
     */
    public record Person(
            String subject, @Nullable String name, @Nullable String email, String idToken) {}

    /**
     * What user-service issued.
     *
     * @param expiresAt when the access token ends
     * @param refreshToken good for one renewal; null where none was issued
     */
    public record Tokens(
            String accessToken, Instant expiresAt, @Nullable String refreshToken) {

        boolean isGoodFor(Duration time, Instant now) {
            return expiresAt.isAfter(now.plus(time));
        }

        /** Tokens stay out of logs. */
        @Override
        public String toString() {
            return "Tokens[expiresAt=" + expiresAt + "]";
        }
    }

    /** The roles in the access token, which came from user-service itself. */
    public List<String> roles() {
        try {
            var roles = JWTParser.parse(tokens.accessToken).getJWTClaimsSet().getStringListClaim("roles");
            return Objects.requireNonNullElse(roles, List.of());
        } catch (ParseException e) {
            return List.of();
        }
    }
}
