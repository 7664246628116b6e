package dev.feira.order.catalog;

import dev.feira.defaults.FeiraProperties;
import dev.feira.order.config.ClientProperties;
import dev.feira.order.remote.RemoteCallFailed;
import dev.feira.order.remote.RemoteCalls;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;

/**
 * Holds this service's access token, from the client credentials grant. Renews it in the background at half its lifetime;
 * the old token remains in use while user-service is unavailable. Decision record 0017 compares this with Spring Security's
 * client.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, client credentials grant</a>
 */
@Component
class ServiceToken {

    private static final Logger log = LoggerFactory.getLogger(ServiceToken.class);
    /** A token that expires sooner may expire during the call. */
    private static final Duration MARGIN = Duration.ofSeconds(10);
    /** Calls that waited for a failed request fail with it, instead of each sending another one. */
    private static final Duration FAILURE_SHARED_FOR = Duration.ofSeconds(1);

    private final RestClient identity;
    private final FeiraProperties.Identity endpoint;
    private final ClientProperties client;
    private final RemoteCalls calls;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Token current;
    private @Nullable RemoteCallFailed failure;
    private Instant failedAt = Instant.EPOCH;

    private record Token(String bearer, Instant renewAt, Instant expiresAt) {}

    ServiceToken(
            RestClient.Builder builder,
            FeiraProperties settings,
            ClientProperties client,
            RemoteCalls calls,
            Clock clock) {
        this.identity = builder.build();
        this.endpoint = settings.identity();
        this.client = client;
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * Returns the value of the {@code Authorization} header; fetches a token only where there is no valid one.
     *
     * @throws CatalogUnavailable user-service gives no token
     */
    String bearer() {
        var token = valid();
        if (token != null) {
            return token.bearer;
        }
        fetching.lock();
        try {
            token = valid();
            if (token != null) {
                return token.bearer;
            }
            if (failure != null && clock.instant().isBefore(failedAt.plus(FAILURE_SHARED_FOR))) {
                throw new CatalogUnavailable(failure);
            }
            token = fetch();
            current = token;
            failure = null;
            return token.bearer;
        } catch (RemoteCallFailed e) {
            failedAt = clock.instant();
            failure = e;
            throw new CatalogUnavailable(e);
        } finally {
            fetching.unlock();
        }
    }

    private @Nullable Token valid() {
        var token = current;
        return token != null && clock.instant().isBefore(token.expiresAt.minus(MARGIN)) ? token : null;
    }

    /** Discards a token that the catalog has rejected: its signing key may have been rotated. */
    void discard(String bearer) {
        var token = current;
        if (token != null && token.bearer.equals(bearer)) {
            current = null;
        }
    }

    @Scheduled(fixedDelayString = "${feira.orders.client.renew-interval}")
    void renew() {
        var token = current;
        if (token == null || clock.instant().isBefore(token.renewAt)) {
            return;
        }
        try {
            current = fetch();
        } catch (RemoteCallFailed e) {
            log.warn("Cannot renew the service token, which is valid until {}: {}", token.expiresAt, e.getMessage());
        }
    }

    private Token fetch() {
        return calls.once("identity", () -> {
            var form = new LinkedMultiValueMap<String, String>();
            form.add("grant_type", "client_credentials");
            form.add("scope", client.scope());
            var response = identity.post()
                    .uri(endpoint.tokenUri())
                    .headers(headers -> headers.setBasicAuth(client.id(), client.secret()))
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .accept(MediaType.APPLICATION_JSON)
                    .body(form)
                    .retrieve()
                    .body(Map.class);
            var now = clock.instant();
            if (!(Objects.requireNonNull(response).get("access_token") instanceof String token)
                    || !(response.get("expires_in") instanceof Number seconds)) {
                throw new IllegalStateException("the response has no access_token with expires_in");
            }
            return new Token(
                    "Bearer " + token, now.plusSeconds(seconds.longValue() / 2), now.plusSeconds(seconds.longValue()));
        });
    }
}
