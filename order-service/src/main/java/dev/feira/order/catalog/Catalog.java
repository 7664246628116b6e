package dev.feira.order.catalog;

import dev.feira.order.catalog.CatalogClient.CatalogProblem;
import dev.feira.order.catalog.CatalogClient.PricesRequest;
import dev.feira.order.catalog.CatalogClient.ReservationRequest;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Shortage;
import dev.feira.order.remote.RemoteCallFailed;
import dev.feira.order.remote.RemoteCalls;
import dev.feira.order.remote.RemoteCallsFactory;
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
 * What order-service asks of catalog-service. Prices, which a customer waits for, and reservations, which the saga
 * makes, have guards of their own: neither can use up the other's places or open its circuit.
 */
@Component
public class Catalog {

    private static final Logger log = LoggerFactory.getLogger(Catalog.class);
    private static final int PAGE = 500;

    private final CatalogClient client;
    private final ServiceToken token;
    private final RemoteCalls priceCalls;
    private final RemoteCalls reservationCalls;
    private final JsonMapper json = JsonMapper.builder().build();

    Catalog(CatalogClient client, ServiceToken token, RemoteCallsFactory guards) {
        this.client = client;
        this.token = token;
        this.priceCalls = guards.named("catalog-prices");
        this.reservationCalls = guards.named("catalog-reservations");
    }

    /**
     * The prices of these products, now, in one call.
     *
     * <p>Waits at most 3.5 s: three attempts of 1 s and two pauses, the numbers of {@code catalog-prices} in
     * {@code application.yaml}. Answers at once while the circuit is open.
     *
     * @param skus at most 100
     * @return prices in EUR, VAT included, and the SKUs that the catalog does not know
     * @throws CatalogUnavailable no answer in time, 5xx, or open circuit: try later
     */
    public PriceList prices(Collection<String> skus) {
        return asked(() -> priceCalls.repeatedly(() -> {
            var response = client.prices(new PricesRequest(skus));
            var prices = new HashMap<String, CatalogPrice>();
            for (var price : response.prices()) {
                if (!Money.EUR.equals(price.price().currency())) {
                    throw new IllegalStateException(
                            "a price in " + price.price().currency());
                }
                prices.put(
                        price.sku(),
                        new CatalogPrice(
                                price.sku(),
                                price.name(),
                                price.unit(),
                                price.picture(),
                                Money.euros(price.price().amount()),
                                price.vatRate(),
                                "ARCHIVED".equals(price.status()),
                                price.available()));
            }
            for (var sku : skus) {
                if (!prices.containsKey(sku) && !response.unknown().contains(sku)) {
                    // neither a price nor a no: such an answer says nothing
                    throw new IllegalStateException("the answer is silent about " + sku);
                }
            }
            return new PriceList(prices, response.unknown());
        }));
    }

    /**
     * Holds the stock of an order: all lines or none. Asking again is the same as asking once.
     *
     * @throws CatalogUnavailable whether it is held is unknown: ask again
     */
    public ReservationResult reserve(UUID orderId, List<OrderLine> lines) {
        var request = new ReservationRequest(lines.stream()
                .map(line -> new ReservationRequest.Line(line.sku(), line.quantity()))
                .toList());
        var answer = withToken(
                bearer -> {
                    client.reserve(bearer, orderId, request);
                    return new ReservationResult.Held();
                },
                this::refusal);
        return answer instanceof ReservationResult.Closed ? closedReason(orderId) : answer;
    }

    /** What a closed reservation means depends on how it was closed: given up, or only too slow. */
    private ReservationResult closedReason(UUID orderId) {
        var reservation = withToken(bearer -> client.reservation(bearer, orderId), problem -> null);
        return switch (reservation.status()) {
            case HELD, CONFIRMED -> new ReservationResult.Held();
            case EXPIRED -> new ReservationResult.Expired();
            case RELEASED, RETURNED -> new ReservationResult.Closed();
        };
    }

    private @Nullable ReservationResult refusal(CatalogProblem problem) {
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
     * Takes the held stock out for good; an expired reservation is taken again if the stock is still there.
     *
     * @return false where the stock went to others, or the reservation was given up or is not known
     * @throws CatalogUnavailable whether it is confirmed is unknown: ask again
     */
    public boolean confirm(UUID orderId) {
        return withToken(
                bearer -> {
                    client.confirm(bearer, orderId);
                    return true;
                },
                problem -> switch (kind(problem)) {
                    // not found: the catalog forgot it or never had it; there is nothing to be sold
                    case "reservation-expired", "reservation-closed", "reservation-not-found" -> false;
                    default -> null;
                });
    }

    /**
     * Gives the stock of an order free, whatever became of its reservation; a reservation that arrives later is refused.
     *
     * @throws CatalogUnavailable whether it is free is unknown: ask again
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
     * Puts the confirmed stock of an order back.
     *
     * @return false where there was nothing to put back
     * @throws CatalogUnavailable whether it is back is unknown: ask again
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
     * @param from as an earlier reading of this status returned it; null for the beginning
     * @return where the last page begins, null for the beginning: what is reserved from now on comes behind
     * @throws CatalogUnavailable they could not be read completely
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
     * @param refusals turns a problem into an answer; null where it is none, and so a failure
     */
    private <T> T withToken(Function<String, T> call, Function<CatalogProblem, @Nullable T> rejections) {
        return asked(() -> {
            var bearer = token.bearer(); // outside the guards: that user-service is away is no fault of the catalog
            return reservationCalls.once(() -> {
                try {
                    return call.apply(bearer);
                } catch (HttpClientErrorException e) {
                    if (e.getStatusCode() == HttpStatus.UNAUTHORIZED) {
                        token.forget(bearer); // its key may have been rotated away
                    }
                    var answer = rejections.apply(problem(e));
                    if (answer == null) {
                        log.warn("The catalog answered {}", e.getMessage());
                        throw e;
                    }
                    return answer;
                }
            });
        });
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
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
