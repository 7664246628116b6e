package dev.feira.order.web;

import dev.feira.order.application.Actor;
import dev.feira.order.application.OrderFulfilment;
import dev.feira.order.application.OrderHistory;
import dev.feira.order.application.OrderPlacement;
import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderFilter;
import dev.feira.order.domain.OrderPosition;
import dev.feira.order.domain.OrderStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/orders")
@Tag(name = "Orders")
class OrderController {

    private static final String PREFER = "Prefer";
    private static final String KEY = "Idempotency-Key";
    private static final java.util.regex.Pattern KEY_FORMAT = java.util.regex.Pattern.compile("[\\x21-\\x7E]{1,100}");
    private static final java.util.regex.Pattern ETAG = java.util.regex.Pattern.compile("(?:W/)?\"(\\d{1,9})\"");
    private static final Set<String> STAFF = Set.of("ROLE_STAFF", "ROLE_ADMIN");

    private final OrderPlacement placement;
    private final OrderHistory history;
    private final OrderFulfilment fulfilment;
    private final OrderResponseWriter writer;
    private final Fingerprint fingerprint;
    private final PreferHeader preferHeader;

    OrderController(
            OrderPlacement placement,
            OrderHistory history,
            OrderFulfilment fulfilment,
            OrderResponseWriter writer,
            Fingerprint fingerprint,
            PreferHeader preferHeader) {
        this.placement = placement;
        this.history = history;
        this.fulfilment = fulfilment;
        this.writer = writer;
        this.fingerprint = fingerprint;
        this.preferHeader = preferHeader;
    }

    @PostMapping
    @Operation(
            summary = "Places an order",
            description = "Once for each Idempotency-Key: the same request with the same key gets the first response"
                    + " again, byte for byte, for at least 24 hours. Prices are the catalog's.")
    @ApiResponse(
            responseCode = "201",
            description = "Placed",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = OrderResponse.class)))
    ResponseEntity<byte[]> place(
            Authentication user,
            @Parameter(description = "1 to 100 visible ASCII characters", required = true)
                    @RequestHeader(name = KEY, required = false)
                    @Nullable List<String> keys,
            @Parameter(description = "wait=N: waits up to N seconds, 10 at most, for the result", example = "wait=2")
                    @RequestHeader(name = PREFER, required = false)
                    @Nullable List<String> prefer,
            @Valid @RequestBody PlaceOrderRequest request) {
        var key = new IdempotencyKey(user.getName(), singleKey(keys), fingerprint.of(request));
        var recorded = placement.place(request.toCommand(user.getName()), key, preferHeader.wait(prefer), writer);
        var response =
                ResponseEntity.status(recorded.status()).contentType(MediaType.parseMediaType(recorded.contentType()));
        if (recorded.location() != null) {
            response.location(URI.create(recorded.location()));
        }
        if (recorded.etag() != null) {
            response.eTag(recorded.etag());
        }
        return response.body(recorded.body());
    }

    private static String singleKey(@Nullable List<String> keys) {
        if (keys == null
                || keys.size() != 1
                || !KEY_FORMAT.matcher(keys.getFirst()).matches()) {
            throw new ApiErrors.InvalidIdempotencyKey();
        }
        return keys.getFirst();
    }

    @GetMapping
    @Operation(
            summary = "Lists orders, newest first",
            description = "Customers see their own orders, staff all orders.")
    OrderPage list(
            Authentication user,
            @RequestParam(required = false) @Nullable OrderStatus status,
            @Parameter(description = "only this customer's orders; for staff")
                    @RequestParam(required = false)
                    @Pattern(regexp = "[\\x21-\\x7E]{1,100}", message = "must be a customer's id") @Nullable String customer,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var actor = actor(user);
        if (!actor.staff() && customer != null && !customer.equals(actor.id())) {
            throw new AccessDeniedException("another customer's orders");
        }
        var filter = new OrderFilter(actor.staff() ? customer : actor.id(), status);
        // one more than requested shows whether there is another page
        var found = history.page(filter, cursor == null ? null : Cursor.parse(cursor), limit + 1);
        var items = found.size() > limit ? found.subList(0, limit) : found;
        var next = found.size() > limit
                ? Cursor.of(new OrderPosition(
                        items.getLast().placedAt(), items.getLast().id()))
                : null;
        return new OrderPage(items.stream().map(OrderPage.Summary::of).toList(), next);
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "Shows an order",
            description = "With If-None-Match and Prefer: wait=N, responds when the order has changed, or with 304"
                    + " after N seconds. After the customer's account was erased, the address of an order that has ended"
                    + " is empty but for its country.")
    ResponseEntity<OrderResponse> show(
            Authentication user,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String known,
            @RequestHeader(name = PREFER, required = false) @Nullable List<String> prefer) {
        var actor = actor(user);
        var version = version(known);
        // Spring MVC returns 304 where the ETag is the client's
        return response(
                version.isPresent()
                        ? history.changedOrder(id, actor, version.getAsInt(), preferHeader.wait(prefer))
                        : history.order(id, actor));
    }

    /** Returns the version of a single ETag of this service; any other value matches no version. */
    private static OptionalInt version(@Nullable String known) {
        if (known == null) {
            return OptionalInt.empty();
        }
        var tag = ETAG.matcher(known.strip());
        return tag.matches() ? OptionalInt.of(Integer.parseInt(tag.group(1))) : OptionalInt.empty();
    }

    @GetMapping("/{id}/explanation")
    @Operation(
            summary = "Explains what happened to an order",
            description = "Every attempt of every step with its time and outcome, repeated requests, and"
                    + " published events. Staff also see replicas and errors.")
    OrderExplanationResponse explain(Authentication user, @PathVariable UUID id) {
        var actor = actor(user);
        return OrderExplanationResponse.of(history.explain(id, actor), actor.staff());
    }

    @PostMapping("/{id}/cancellation")
    @Operation(
            summary = "Cancels an order that was not shipped",
            description = "The stock is released and the payment refunded in the background.")
    ResponseEntity<OrderResponse> cancel(Authentication user, @PathVariable UUID id) {
        return response(fulfilment.cancel(id, actor(user)));
    }

    @PostMapping("/{id}/shipment")
    @Operation(summary = "Records that a confirmed order was shipped", description = "For staff.")
    ResponseEntity<OrderResponse> ship(@PathVariable UUID id) {
        return response(fulfilment.ship(id));
    }

    @PostMapping("/{id}/delivery")
    @Operation(summary = "Records that a shipped order was delivered", description = "For staff.")
    ResponseEntity<OrderResponse> deliver(@PathVariable UUID id) {
        return response(fulfilment.deliver(id));
    }

    @PostMapping("/{id}/return")
    @Operation(
            summary = "Records that a shipped order was returned",
            description = "For staff. The payment is refunded and the stock returned in the background.")
    ResponseEntity<OrderResponse> returnOrder(@PathVariable UUID id) {
        return response(fulfilment.returnOrder(id));
    }

    private static ResponseEntity<OrderResponse> response(Order order) {
        return ResponseEntity.ok().eTag(OrderResponseWriter.etag(order)).body(OrderResponse.of(order));
    }

    private static Actor actor(Authentication user) {
        return new Actor(
                user.getName(),
                user.getAuthorities().stream().anyMatch(authority -> STAFF.contains(authority.getAuthority())));
    }
}
