package dev.feira.resilience;

import static dev.feira.resilience.History.Kind.ACCOUNT;
import static dev.feira.resilience.History.Kind.ORDER;
import static dev.feira.resilience.History.Kind.ORDER_LIST;
import static dev.feira.resilience.History.Kind.PLACE_ORDER;
import static dev.feira.resilience.History.Kind.PRODUCT;
import static dev.feira.resilience.History.Kind.PRODUCT_LIST;
import static dev.feira.resilience.History.Kind.SESSION;

import dev.feira.local.Service;
import dev.feira.resilience.History.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every connection between two parts of the platform, and the requests that need it. */
enum Connection {
    GATEWAY_CATALOG(
            Service.GATEWAY, Service.CATALOG, Map.of("FEIRA_CATALOG_URL", "http://%s"), Set.of(PRODUCT_LIST, PRODUCT)),
    GATEWAY_ORDER(
            Service.GATEWAY,
            Service.ORDER,
            Map.of("FEIRA_ORDER_URL", "http://%s"),
            Set.of(ORDER_LIST, ORDER, PLACE_ORDER, SESSION)),
    GATEWAY_USER(
            Service.GATEWAY,
            Service.USER,
            Map.of("FEIRA_USER_URL", "http://%s", "FEIRA_IDENTITY_URL", "http://%s/id"),
            Set.of(ACCOUNT)),
    GATEWAY_PAYMENTS(Service.GATEWAY, Service.PAYMENT_SIMULATOR, Map.of("FEIRA_PAYMENTS_URL", "http://%s"), Set.of()),
    GATEWAY_NOTIFICATION(
            Service.GATEWAY, Service.NOTIFICATION, Map.of("FEIRA_NOTIFICATION_URL", "http://%s"), Set.of()),
    CATALOG_ORDER(Service.CATALOG, Service.ORDER, Map.of("FEIRA_ORDER_URL", "http://%s"), Set.of()),
    ORDER_CATALOG(Service.ORDER, Service.CATALOG, Map.of("FEIRA_CATALOG_URL", "http://%s"), Set.of(PLACE_ORDER)),
    ORDER_PAYMENTS(Service.ORDER, Service.PAYMENT_SIMULATOR, Map.of("FEIRA_PAYMENTS_URL", "http://%s"), Set.of()),
    ORDER_USER(Service.ORDER, Service.USER, Map.of("FEIRA_IDENTITY_URL", "http://%s/id"), Set.of()),
    NOTIFICATION_CATALOG(Service.NOTIFICATION, Service.CATALOG, Map.of("FEIRA_CATALOG_URL", "http://%s"), Set.of()),
    NOTIFICATION_ORDER(Service.NOTIFICATION, Service.ORDER, Map.of("FEIRA_ORDER_URL", "http://%s"), Set.of()),
    NOTIFICATION_USER(Service.NOTIFICATION, Service.USER, Map.of("FEIRA_USER_URL", "http://%s"), Set.of()),
    PAYMENTS_GATEWAY(
            Service.PAYMENT_SIMULATOR,
            Service.GATEWAY,
            Map.of("FEIRA_WEBHOOK_URL", "http://%s/api/webhooks/payments"),
            Set.of()),
    GATEWAY_DATABASE(Service.GATEWAY, Set.of(SESSION)),
    CATALOG_DATABASE(Service.CATALOG, Set.of(PRODUCT_LIST, PRODUCT, PLACE_ORDER)),
    ORDER_DATABASE(Service.ORDER, Set.of(ORDER_LIST, ORDER, PLACE_ORDER, SESSION)),
    USER_DATABASE(Service.USER, Set.of(ACCOUNT)),
    NOTIFICATION_DATABASE(Service.NOTIFICATION, Set.of()),
    PAYMENTS_DATABASE(Service.PAYMENT_SIMULATOR, Set.of());

    private final Service from;
    private final @Nullable Service to;
    private final Map<String, String> variables;
    private final Set<Kind> needs;

    Connection(Service from, @Nullable Service to, Map<String, String> variables, Set<Kind> needs) {
        this.from = from;
        this.to = to;
        this.variables = variables;
        this.needs = needs;
    }

    Connection(Service from, Set<Kind> needs) {
        this(from, null, Map.of("FEIRA_POSTGRES", "%s"), needs);
    }

    Service from() {
        return from;
    }

    /** Returns the called service; null for the database. */
    @Nullable Service to() {
        return to;
    }

    /** Returns the environment variables of {@link #from} with the URL; {@code %s} stands for host and port. */
    Map<String, String> variables() {
        return variables;
    }

    /** Returns the kinds of requests that may fail without this connection. */
    Set<Kind> needs() {
        return needs;
    }

    /** E.g. {@code gateway to catalog}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace("_", " to ");
    }
}
