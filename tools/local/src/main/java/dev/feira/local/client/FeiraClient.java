package dev.feira.local.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * Feira's public API, through the gateway of any environment. A client is immutable and may be used by many threads;
 * {@link #with(Tokens)} gives one that acts for a person.
 *
 * <p>Every method waits at most 15 s for its answer, longer only by what the caller asks the server to wait.
 *
 * <p>All throw {@link ApiProblem} when the API refuses and {@link Unreachable} when there is no answer.
 */
public final class FeiraClient {

    private static final Duration AUDIT_PATIENCE = Duration.ofMinutes(1);

    private final Http http;
    private final URI url;
    private final @Nullable Tokens tokens;

    private FeiraClient(Http http, URI url, @Nullable Tokens tokens) {
        this.http = http;
        this.url = url;
        this.tokens = tokens;
    }

    /** A client that is not signed in. */
    public static FeiraClient at(URI url) {
        var text = url.toString();
        return new FeiraClient(
                new Http(), URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text), null);
    }

    /** The gateway. */
    public URI url() {
        return url;
    }

    /** The same client, acting for the person to whom these tokens were given. */
    public FeiraClient with(Tokens theirs) {
        return new FeiraClient(http, url, theirs);
    }

    /** Makes an account for a customer. */
    public User register(String email, String password, String name) {
        var body = Map.of("email", email, "password", password, "name", name);
        return http.json(post("/api/users", body), User.class);
    }

    /** How people sign in from a program. */
    public SignIn signIn() {
        return new SignIn(http, url);
    }

    /** Signs in with the account's password, by the code flow (see {@link SignIn#withPassword}). */
    public FeiraClient signedIn(String email, String password) {
        return with(signIn().withPassword(email, password));
    }

    /** The account of the person who is signed in. */
    public User me() {
        return http.json(get("/api/users/me"), User.class);
    }

    /**
     * Searches the catalog.
     *
     * @param query what a person types; empty for all products
     * @param limit 1 to 100
     */
    public Page<Product> products(String query, int limit) {
        var search = query.isBlank() ? "" : "&q=" + Http.encoded(query);
        return http.json(get("/api/products?limit=" + limit + search), new TypeReference<Page<Product>>() {});
    }

    public Product product(String sku) {
        return http.json(get("/api/products/" + Http.encoded(sku)), Product.class);
    }

    /** What these lines would cost now. */
    public Quote quote(List<Line> lines) {
        return http.json(post("/api/quotes", Map.of("lines", lines)), Quote.class);
    }

    /**
     * Gives a card to the payment provider (here its simulator) and takes a token for it.
     *
     * @param number a card number of the simulator, e.g. {@code 4242 4242 4242 4242}, which approves
     */
    public CardToken cardToken(String number) {
        var card = Map.of("cardNumber", number.replace(" ", ""), "expiry", "12/30", "cvc", "123");
        return http.json(post("/payment-simulator/tokens", card), CardToken.class);
    }

    /** What a customer orders; {@code expectedTotal} is what the quote said, null to accept any price. */
    public record NewOrder(
            List<Line> lines,
            Address deliveryAddress,
            PaymentToken payment,
            @Nullable Money expectedTotal) {

        /** The provider's token of a card. */
        public record PaymentToken(String token) {}

        public NewOrder(List<Line> lines, Address deliveryAddress, CardToken card, @Nullable Money expectedTotal) {
            this(lines, deliveryAddress, new PaymentToken(card.token()), expectedTotal);
        }
    }

    /**
     * Places an order; the same key again gives the first answer again.
     *
     * @param idempotencyKey 1 to 100 visible ASCII characters, one for each intent to buy
     * @param wait how long the server may wait for the outcome, 0 to 10 s
     */
    public Order place(NewOrder order, String idempotencyKey, Duration wait) {
        var request = post("/api/orders", order)
                .header("Idempotency-Key", idempotencyKey)
                .header("Prefer", "wait=" + wait.toSeconds())
                .timeout(Http.TIMEOUT.plus(wait));
        return http.json(request, Order.class);
    }

    public Order order(UUID id) {
        return http.json(get("/api/orders/" + id), Order.class);
    }

    /**
     * Follows an order until the platform has done its part, by long polls.
     *
     * @return the order, final or as it was when the time was over
     */
    public Order awaitFinal(UUID id, Duration atMost) {
        var deadline = System.nanoTime() + atMost.toNanos();
        var answer = http.send(get("/api/orders/" + id));
        var order = http.read(answer, Order.class);
        while (!order.isFinal() && System.nanoTime() < deadline) {
            var request = get("/api/orders/" + id).header("Prefer", "wait=5").timeout(Http.TIMEOUT.plusSeconds(5));
            answer.headers().firstValue("ETag").ifPresent(etag -> request.header("If-None-Match", etag));
            var next = http.send(request);
            if (next.statusCode() != 304) {
                answer = next;
                order = http.read(answer, Order.class);
            }
        }
        return order;
    }

    /** The caller's orders, newest first, as many as there are. */
    public List<OrderSummary> orders() {
        var all = new ArrayList<OrderSummary>();
        @Nullable String cursor = null;
        do {
            var after = cursor == null ? "" : "&cursor=" + Http.encoded(cursor);
            var page = http.json(get("/api/orders?limit=100" + after), new TypeReference<Page<OrderSummary>>() {});
            all.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor != null);
        return all;
    }

    /** An order in a list. */
    public record OrderSummary(UUID id, String status) {}

    /** Cancels an order that is not on its way yet. */
    public Order cancel(UUID id) {
        return http.json(post("/api/orders/" + id + "/cancellation", Map.of()), Order.class);
    }

    /**
     * The check of the books by one service, for staff: {@code catalog} or {@code orders}. Waits for up to a minute.
     *
     * @throws ApiProblem it was refused, or takes longer
     */
    public Audit audit(String service) {
        var deadline = System.nanoTime() + AUDIT_PATIENCE.toNanos();
        var answer = http.send(get("/api/audits/" + service));
        // Each answer waits for the result itself, as long as an answer may
        while (answer.statusCode() == 202 && System.nanoTime() < deadline) {
            answer = http.send(get("/api/audits/" + service));
        }
        if (answer.statusCode() == 202) {
            throw http.problem(answer);
        }
        var report = http.read(answer, JsonNode.class);
        return new Audit(report.path("balanced").asBoolean(false), report);
    }

    private HttpRequest.Builder get(String path) {
        return authorized(HttpRequest.newBuilder(URI.create(url + path)).GET());
    }

    private HttpRequest.Builder post(String path, Object body) {
        return authorized(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(http.body(body)));
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        request.header("Accept", "application/json, application/problem+json").timeout(Http.TIMEOUT);
        if (tokens != null) {
            request.header("Authorization", "Bearer " + tokens.access());
        }
        return request;
    }
}
