package dev.feira.order.catalog;

import dev.feira.defaults.FeiraProperties;
import dev.feira.order.config.ClientProperties;
import dev.feira.order.remote.RemoteCallFailed;
import dev.feira.order.remote.RemoteCalls;
import dev.feira.order.remote.RemoteCallsFactory;
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
 * This service's own access token, by client credentials. It is renewed in the background once half of its life is
 * over, so that user-service may be away for the other half without the saga noticing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, client credentials grant</a>
 */
@Component
class ServiceToken {

    private static final Logger log = LoggerFactory.getLogger(ServiceToken.class);
    /** A token that ends sooner may end on its way. */
    private static final Duration MARGIN = Duration.ofSeconds(10);
    /** Else each of those who wait would ask for itself, one after the other, up to two seconds each. */
    private static final Duration SPEAKS_FOR = Duration.ofSeconds(1);

    private final RestClient identity;
    private final FeiraProperties.Identity where;
    private final ClientProperties client;
    private final RemoteCalls calls;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Token current;
    private volatile @Nullable Failure failure;

    /**
     * @param renewAt from when on a new one is asked for
     * @param endsAt when it ends
     */
    private record Token(String bearer, Instant renewAt, Instant endsAt) {}

    /** An attempt that failed, which speaks for those who waited meanwhile. */
    private record Failure(RemoteCallFailed cause, Instant at) {}

    ServiceToken(
            RestClient.Builder builder, FeiraProperties settings, ClientProperties client, RemoteCallsFactory guards, Clock clock) {
        this.identity = builder.build();
        this.where = settings.identity();
        this.client = client;
        this.calls = guards.named("identity");
        this.clock = clock;
    }

    /**
     * Returns the value of the {@code Authorization} header, at once where a token is at hand.
     *
     * @throws CatalogUnavailable there is none and user-service gives none
     */
    String bearer() {
        var token = current;
        if (token != null && clock.instant().isBefore(token.endsAt.minus(MARGIN))) {
            return token.bearer;
        }
        fetching.lock(); // one asks, the others wait for what it gets
        try {
            token = current;
            if (token != null && clock.instant().isBefore(token.endsAt.minus(MARGIN))) {
                return token.bearer;
            }
            var before = failure;
            if (before != null && clock.instant().isBefore(before.at.plus(SPEAKS_FOR))) {
                throw new CatalogUnavailable(before.cause);
            }
            token = fetch();
            current = token;
            failure = null;
            return token.bearer;
        } catch (RemoteCallFailed e) {
            failure = new Failure(e, clock.instant());
            throw new CatalogUnavailable(e);
        } finally {
            fetching.unlock();
        }
    }

    /** The catalog refused this one. */
    void forget(String bearer) {
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
            log.warn(
                    "The service token could not be renewed yet, it is good until {}: {}",
                    token.endsAt,
                    e.getMessage());
        }
    }

    private Token fetch() {
        return calls.once(() -> {
            var form = new LinkedMultiValueMap<String, String>();
            form.add("grant_type", "client_credentials");
            form.add("scope", client.scope());
            var answer = identity.post()
                    .uri(where.tokenUri())
                    .headers(headers -> headers.setBasicAuth(client.id(), client.secret()))
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .accept(MediaType.APPLICATION_JSON)
                    .body(form)
                    .retrieve()
                    .body(Map.class);
            var now = clock.instant();
            var value = Objects.requireNonNull(answer, "an empty answer").get("access_token");
            var seconds = answer.get("expires_in");
            if (!(value instanceof String text) || !(seconds instanceof Number life)) {
                throw new IllegalStateException("the answer has no access_token with expires_in");
            }
            return new Token(
                    "Bearer " + text, now.plusSeconds(life.longValue() / 2), now.plusSeconds(life.longValue()));
        });
    }
}
