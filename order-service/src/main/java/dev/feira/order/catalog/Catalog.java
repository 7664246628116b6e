package dev.feira.order.catalog;

import dev.feira.order.catalog.CatalogClient.CatalogProblem;
import dev.feira.order.catalog.CatalogClient.PricesRequest;
import dev.feira.order.catalog.CatalogClient.ReservationRequest;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Shortage;
import dev.feira.order.remote.RemoteCallFailed;
import dev.feira.order.remote.RemoteCalls;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls catalog-service. A customer waits for prices, the saga for reservations; each has its own bulkhead and circuit
 * breaker, so that neither can block the other.
 */
@Component
public class Catalog {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);
    private static final int PAGE = 500;
    private static final String PRICES = "catalog-prices";
    private static final String RESERVATIONS = "catalog-reservations";

    private final CatalogClient client;
    private final ServiceToken token;
    private final RemoteCalls calls;
    private final JsonMapper json = JsonMapper.builder().build();

    Catalog(CatalogClient client, ServiceToken token, RemoteCalls calls) {
        this.client = client;
        this.token = token;
        this.calls = calls;
    }

    /**
     * Returns the current prices of these products, in one call.
     *
     * <p>Takes at most 3.5 s: three attempts of 1 s and two intervals, as {@code catalog-prices} in {@code application.yaml}
     * says. Fails at once while the circuit is open.
     *
     * @param skus at most 100
     * @return prices in EUR, VAT included, and the SKUs that the catalog does not know
     * @throws CatalogUnavailable timeout, 5xx or open circuit: retry later
     */
    public PriceList prices(Collection<String> skus) {
        return available(() -> calls.withRetry(PRICES, () -> {
            var response = client.prices(new PricesRequest(skus));
            var prices = new HashMap<String, CatalogPrice>();
            for (var price : response.prices()) {
                prices.put(price.sku(), price);
            }
            for (var sku : skus) {
                if (!prices.containsKey(sku) && !response.unknown().contains(sku)) {
                    // the response is incomplete, so it is not used
                    throw new IllegalStateException("the response does not contain " + sku);
                }
            }
            return new PriceList(prices, response.unknown());
        }));
    }

    /**
     * Reserves the stock of an order: all lines or none. Idempotent.
     *
     * @throws CatalogUnavailable the result is unknown: retry
     */
    public ReservationResult reserve(UUID orderId, List<OrderLine> lines) {
        var request = new ReservationRequest(lines.stream()
                .map(line -> new ReservationRequest.Line(line.sku(), line.quantity()))
                .toList());
        var result = withToken(
                bearer -> {
                    client.reserve(bearer, orderId, request);
                    return new ReservationResult.Held();
                },
                this::rejection);
        return result instanceof ReservationResult.Closed ? closedReason(orderId) : result;
    }

    /** Tells an expired reservation, which can still be confirmed, from a released one. */
    private ReservationResult closedReason(UUID orderId) {
        var reservation = withToken(bearer -> client.reservation(bearer, orderId), problem -> null);
        return switch (reservation.status()) {
            case HELD, CONFIRMED -> new ReservationResult.Held();
            case EXPIRED -> new ReservationResult.Expired();
            case RELEASED, RETURNED -> new ReservationResult.Closed();
        };
    }

    private @Nullable ReservationResult rejection(CatalogProblem problem) {
        return switch (kind(problem)) {
            case "out-of-stock" ->
                new ReservationResult.OutOfStock(
                        problem.lines() == null
                                ? List.of()
                                : problem.lines().stream()
                                        .map(line -> new Shortage(
                                                line.sku(),
                                                Math.clamp(line.requested(), 0, Integer.MAX_VALUE),
                                                Math.clamp(line.available(), 0, Integer.MAX_VALUE)))
                                        .toList());
            case "unknown-product", "product-archived" ->
                new ReservationResult.NotSold(problem.skus() == null ? List.of() : problem.skus());
            case "reservation-closed" -> new ReservationResult.Closed();
            default -> null;
        };
    }

    /**
     * Confirms a reservation, also an expired one whose stock is still available. Idempotent.
     *
     * @return false where the stock was sold, or the reservation was released or does not exist
     * @throws CatalogUnavailable the result is unknown: retry
     */
    public boolean confirm(UUID orderId) {
        return withToken(
                bearer -> {
                    client.confirm(bearer, orderId);
                    return true;
                },
                problem -> switch (kind(problem)) {
                    case "reservation-expired", "reservation-closed", "reservation-not-found" -> false;
                    default -> null;
                });
    }

    /**
     * Releases the stock of an order, whatever the state of its reservation. The catalog rejects a reservation that arrives
     * later. Idempotent.
     *
     * @throws CatalogUnavailable the result is unknown: retry
     */
    public void release(UUID orderId) {
        withToken(
                bearer -> {
                    client.release(bearer, orderId);
                    return true;
                },
                problem -> null);
    }

    /**
     * Restocks the confirmed stock of an order. Idempotent.
     *
     * @return false where the order has no confirmed stock
     * @throws CatalogUnavailable the result is unknown: retry
     */
    public boolean restock(UUID orderId) {
        return withToken(
                bearer -> {
                    client.restock(bearer, orderId);
                    return true;
                },
                problem -> kind(problem).equals("reservation-not-confirmed") ? false : null);
    }

    /**
     * Reads all reservations in this status, oldest first, for the audit.
     *
     * @param from the cursor that an earlier call for this status returned; null for the beginning
     * @return the cursor of the last page, null for the beginning; later reservations follow it
     * @throws CatalogUnavailable not all pages could be read
     */
    public @Nullable String readReservations(
            CatalogReservation.Status status, @Nullable String from, Consumer<List<CatalogReservation>> pages) {
        var cursor = from;
        while (true) {
            var begin = cursor;
            var page = withToken(bearer -> client.reservations(bearer, status.name(), PAGE, begin), problem -> null);
            pages.accept(page.items());
            cursor = page.nextCursor();
            if (cursor == null) {
                return begin;
            }
        }
    }

    /**
     * Calls with the service token.
     *
     * @param rejections maps a problem to a result; null where the problem is a failure
     */
    private <T> T withToken(Function<String, T> call, Function<CatalogProblem, @Nullable T> rejections) {
        return available(() -> {
            var bearer = token.bearer(); // outside the circuit breaker: it is no failure of the catalog
            return calls.once(RESERVATIONS, () -> {
                try {
                    return call.apply(bearer);
                } catch (HttpClientErrorException e) {
                    if (e.getStatusCode() == HttpStatus.UNAUTHORIZED) {
                        token.discard(bearer);
                    }
                    var result = rejections.apply(problem(e));
                    if (result == null) {
                        log.warn("Unexpected response of the catalog: {}", e.getMessage());
                        throw e;
                    }
                    return result;
                }
            });
        });
    }

    private static <T> T available(Supplier<T> call) {
        try {
            return call.get();
        } catch (RemoteCallFailed e) {
            throw new CatalogUnavailable(e);
        }
    }

    private CatalogProblem problem(HttpClientErrorException e) {
        try {
            return json.readValue(e.getResponseBodyAsByteArray(), CatalogProblem.class);
        } catch (JacksonException _) {
            return new CatalogProblem(null, null, null);
        }
    }

    private static String kind(CatalogProblem problem) {
        var type = problem.type();
        return type == null ? "" : type.substring(type.lastIndexOf(':') + 1);
    }
}
