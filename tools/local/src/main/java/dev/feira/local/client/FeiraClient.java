package dev.feira.local.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * Calls Feira's public API through the gateway of any environment. Immutable and thread-safe; {@link #with(Tokens)}
 * returns a client that acts for a user.
 *
 * <p>Every method waits at most 15 s for the response, plus the requested wait of the server. It throws
 * {@link ApiProblem} for an error response and {@link Unreachable} without a response.
 */
public final class FeiraClient {

    private static final Duration AUDIT_TIMEOUT = Duration.ofMinutes(1);

    private final Http http;
    private final URI url;
    private final @Nullable Tokens tokens;

    private FeiraClient(Http http, URI url, @Nullable Tokens tokens) {
        this.http = http;
        this.url = url;
        this.tokens = tokens;
    }

    /** Creates a client that is not signed in. */
    public static FeiraClient at(URI url) {
        return new FeiraClient(new Http(), URI.create(url.toString().replaceFirst("/$", "")), null);
    }

    /** The gateway's address, without a slash at the end. */
    public URI url() {
        return url;
    }

    /** Returns the same client with a user's tokens. */
    public FeiraClient with(Tokens newTokens) {
        return new FeiraClient(http, url, newTokens);
    }

    /** Returns the ways to sign in. */
    public SignIn signIn() {
        return new SignIn(http, url);
    }

    /** Returns the same client, signed in by {@link SignIn#withPassword}. */
    public FeiraClient signedIn(String email, String password) {
        return with(signIn().withPassword(email, password));
    }

    /** Returns the account of the signed-in user. */
    public User me() {
        return http.json(get("/api/users/me"), User.class);
    }

    /**
     * Searches the catalog.
     *
     * @param query the search text; empty for all products
     * @param limit 1 to 100
     */
    public Page<Product> products(String query, int limit) {
        var search = query.isBlank() ? "" : "&q=" + Http.encoded(query);
        return http.json(get("/api/products?limit=" + limit + search), new TypeReference<Page<Product>>() {});
    }

    /** Returns the current price of these lines; nothing is reserved. */
    public Quote quote(List<Line> lines) {
        return http.json(post("/api/quotes", Map.of("lines", lines)), Quote.class);
    }

    /**
     * Sends a card to the payment provider (here its simulator) and returns a token for it.
     *
     * @param number a card number of the simulator, e.g. {@code 4242 4242 4242 4242}, which approves
     */
    public CardToken cardToken(String number) {
        var card = Map.of("cardNumber", number.replace(" ", ""), "expiry", "12/30", "cvc", "123");
        return http.json(post("/payment-simulator/tokens", card), CardToken.class);
    }

    /** An order to place; {@code expectedTotal} is the total of the quote, null to accept any price. */
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
     * Places an order; the same key returns the first response again.
     *
     * @param idempotencyKey 1 to 100 visible ASCII characters, one for each order
     * @param wait how long the server may wait for the final state, 0 to 10 s
     */
    public Order place(NewOrder order, String idempotencyKey, Duration wait) {
        var request = post("/api/orders", order)
                .header("Idempotency-Key", idempotencyKey)
                .header("Prefer", "wait=" + wait.toSeconds())
                .timeout(Http.TIMEOUT.plus(wait));
        return http.json(request, Order.class);
    }

    /**
     * Polls an order until it is final, by long polling.
     *
     * @return the order, which is not final if the time is over
     */
    public Order awaitFinal(UUID id, Duration timeout) {
        var deadline = System.nanoTime() + timeout.toNanos();
        var response = http.send(get("/api/orders/" + id));
        var order = http.read(response, Order.class);
        while (!order.isFinal() && System.nanoTime() < deadline) {
            var request = get("/api/orders/" + id).header("Prefer", "wait=5").timeout(Http.TIMEOUT.plusSeconds(5));
            response.headers().firstValue("ETag").ifPresent(etag -> request.header("If-None-Match", etag));
            var next = http.send(request);
            if (next.statusCode() != 304) {
                response = next;
                order = http.read(response, Order.class);
            }
        }
        return order;
    }

    /** Returns what happened to an order, for its customer and for staff. */
    public Explanation explanation(UUID id) {
        return http.read(http.send(get("/api/orders/" + id + "/explanation")), Explanation.class);
    }

    /** Returns the mail about an order, newest first; for staff. */
    public List<Explanation.Mail> mailsAbout(UUID id) {
        return http.read(http.send(get("/api/mails?limit=100&reference=" + id)), Explanation.Mails.class)
                .items();
    }

    /**
     * Runs the audit of one service, for staff: {@code catalog}, {@code orders} or {@code users}. Waits up to a minute.
     *
     * @throws ApiProblem it is rejected or takes longer
     */
    public Audit audit(String service) {
        return auditAt("/api/audits/" + service);
    }

    /**
     * Audits the feeds that a service reads, for staff: {@code catalog}, {@code orders}, {@code notifications} or {@code gateway}.
     *
     * @throws ApiProblem it is rejected, or the service cannot read a feed
     */
    public Audit feedAudit(String service) {
        return auditAt("/api/parked-events/" + service + "/audit");
    }

    private Audit auditAt(String path) {
        var deadline = System.nanoTime() + AUDIT_TIMEOUT.toNanos();
        var response = http.send(get(path));
        // The server delays each 202 while the audit runs
        while (response.statusCode() == 202 && System.nanoTime() < deadline) {
            response = http.send(get(path));
        }
        if (response.statusCode() == 202) {
            throw http.problem(response);
        }
        var report = http.read(response, JsonNode.class);
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
