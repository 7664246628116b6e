package dev.feira.gateway.routing;

import java.util.Locale;
import java.util.Objects;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;

/**
 * What a route in {@code application.yaml} says of its requests.
 *
 * @param id names the breaker and the metrics
 * @param service the service that {@code lb://} balances over
 * @param traffic the class of traffic that sets deadline and concurrency
 * @param credentials what of the caller's identity goes to the service
 * @param waits whether {@code Prefer: wait} is honoured
 * @param openApi whether the answer is an OpenAPI document, of which only what is public may be seen
 * @param enabled false answers as if the route were not there
 */
record RouteTarget(
        String id,
        String service,
        String traffic,
        Credentials credentials,
        boolean waits,
        boolean openApi,
        boolean enabled) {

    /** What of the caller's identity goes to the service. */
    enum Credentials {
        /** A bearer token: the client's own, or the one in the browser's session. */
        TOKEN,
        /** As {@link #TOKEN}; where the session cannot be used right now, the request goes on as an anonymous one. */
        OPTIONAL_TOKEN,
        /** Headers and cookies as they came, without the gateway's own: the login pages of user-service. */
        OWN,
        /** Nothing: the target is not ours, or asks for a signature of its own. */
        NONE
    }

    static RouteTarget of(RouteProperties route) {
        var uri = Objects.requireNonNull(route.getUri(), "a route needs a uri");
        var metadata = route.getMetadata();
        var id = Objects.requireNonNull(route.getId(), "a route needs an id");
        return new RouteTarget(
                id,
                Objects.requireNonNull(uri.getHost(), () -> "route " + id + " needs a uri of the form lb://service"),
                Objects.requireNonNull(metadata.get("traffic"), () -> "route " + id + " needs metadata.traffic")
                        .toString(),
                Credentials.valueOf(Objects.requireNonNull(
                                metadata.get("credentials"), () -> "route " + id + " needs metadata.credentials")
                        .toString()
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')),
                Boolean.parseBoolean(String.valueOf(metadata.get("waits"))),
                Boolean.parseBoolean(String.valueOf(metadata.get("openapi"))),
                Boolean.parseBoolean(String.valueOf(metadata.getOrDefault("enabled", true))));
    }
}
