package dev.feira.gateway.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.feira.gateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/** Returns the user of a request, proved by a session or a verified token. */
@Component
public class Callers {

    private static final Duration WITHOUT_KEYS = Duration.ofSeconds(10);

    private final Logins logins;
    private final JwtDecoder decoder;
    private final Clock clock;
    private final Cache<String, Checked> checked = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(1))
            .maximumSize(20_000)
            .build();

    /** Until then tokens are not verified: fetching the keys failed, and each further try would delay a request. */
    private volatile Instant noKeysUntil = Instant.MIN;

    private record Checked(Optional<String> subject) {}

    Callers(Logins logins, JwtDecoder decoder, Clock clock) {
        this.logins = logins;
        this.decoder = decoder;
        this.clock = clock;
    }

    /** Returns the subject; empty without a proof, or if it cannot be verified right now. */
    public Optional<String> subject(HttpServletRequest request) {
        if (AccessTokens.bringsBearer(request)) {
            return ofToken(Objects.requireNonNull(request.getHeader(HttpHeaders.AUTHORIZATION))
                    .substring(7)
                    .strip());
        }
        try {
            return logins.current(request).map(login -> login.person().subject());
        } catch (ProblemException unavailable) {
            return Optional.empty();
        }
    }

    private Optional<String> ofToken(String token) {
        var key = digest(token);
        var known = checked.getIfPresent(key);
        if (known != null) {
            return known.subject;
        }
        if (clock.instant().isBefore(noKeysUntil)) {
            return Optional.empty();
        }
        try {
            var subject = Optional.ofNullable(decoder.decode(token).getSubject());
            checked.put(key, new Checked(subject));
            return subject;
        } catch (BadJwtException e) {
            checked.put(key, new Checked(Optional.empty()));
            return Optional.empty();
        } catch (JwtException e) {
            noKeysUntil = clock.instant().plus(WITHOUT_KEYS);
            return Optional.empty();
        }
    }

    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }
}
