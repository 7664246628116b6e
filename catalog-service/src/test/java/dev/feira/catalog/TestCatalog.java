package dev.feira.catalog;

import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.feira.test.TestIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sends requests to the service and prepares its database. */
public final class TestCatalog {

    public static final String ANYONE = "";
    public static final String CUSTOMER = TestIdentity.token("c0ffee00-0000-4000-8000-000000000001", "customer");
    public static final String STAFF = TestIdentity.token("c0ffee00-0000-4000-8000-000000000002", "staff");
    public static final String ADMIN = TestIdentity.token("c0ffee00-0000-4000-8000-000000000003", "admin");
    public static final String ORDERS = TestIdentity.serviceToken("order-service", "catalog.reservations");

    /** A response. */
    public record Reply(int status, HttpResponse<String> response) {

        public String body() {
            return response.body();
        }

        public <T> T at(String path) {
            return JsonPath.read(response.body(), path);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /** Returns the last part of the problem's type. */
        public String problem() {
            return this.<String>at("$.type").substring("urn:feira:problem:".length());
        }

        @Override
        public String toString() {
            return status + " " + response.body();
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String url;
    private final JdbcClient jdbc;

    public TestCatalog(String url, JdbcClient jdbc) {
        this.url = url;
        this.jdbc = jdbc;
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    public Reply send(String method, String token, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (path.endsWith("/stock-movements") && !List.of(headers).contains("Idempotency-Key")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        if (body != null && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Reply get(String path, String... headers) {
        return send("GET", ANYONE, path, null, headers);
    }

    public Reply getAs(String token, String path, String... headers) {
        return send("GET", token, path, null, headers);
    }

    public Reply post(String token, String path, String body, String... headers) {
        return send("POST", token, path, body, headers);
    }

    public Reply put(String token, String path, String body, String... headers) {
        return send("PUT", token, path, body, headers);
    }

    /** @param lines {@code sku, quantity, sku, quantity …} */
    public Reply reserve(UUID order, Object... lines) {
        return put(ORDERS, "/reservations/" + order, linesOf(lines));
    }

    public static String linesOf(Object... lines) {
        var json = new StringBuilder("{\"lines\":[");
        for (var i = 0; i < lines.length; i += 2) {
            json.append(i == 0 ? "" : ",").append("{\"sku\":\"%s\",\"quantity\":%s}".formatted(lines[i], lines[i + 1]));
        }
        return json.append("]}").toString();
    }

    public Reply confirm(UUID order) {
        return post(ORDERS, "/reservations/" + order + "/confirmation", null);
    }

    public Reply release(UUID order) {
        return send("DELETE", ORDERS, "/reservations/" + order, null);
    }

    public Reply restock(UUID order) {
        return post(ORDERS, "/reservations/" + order + "/return", null);
    }

    public Reply reservation(UUID order) {
        return getAs(ORDERS, "/reservations/" + order);
    }

    public int available(String sku) {
        return get("/products/" + sku).at("$.available");
    }

    /**
     * Removes everything. The service's own tasks read the tables in another order, and PostgreSQL may end this by a
     * deadlock: then again.
     */
    public void clear() {
        await().ignoreExceptionsInstanceOf(PessimisticLockingFailureException.class)
                .until(() -> jdbc.sql(
                                        "truncate categories, products, product_words, product_sales, stock, stock_movements, reservations, reservation_lines, outbox")
                                .update()
                        >= 0);
    }

    public void category(String slug, String en, String pt) {
        jdbc.sql("insert into categories values (:slug, :en, :pt, 'test-apple.png', (select count(*) from categories))")
                .param("slug", slug)
                .param("en", en)
                .param("pt", pt)
                .update();
    }

    /** Adds a product as staff. */
    public Reply product(String sku, String category, String en, String pt, String price) {
        return put(STAFF, "/products/" + sku, productBody(category, en, pt, price, "ACTIVE"));
    }

    public static String productBody(String category, String en, String pt, String price, String status) {
        return """
                {"name": {"en": "%s", "pt": "%s"}, "description": {"en": "Good.", "pt": "Bom."}, "category": "%s",
                 "price": {"amount": "%s", "currency": "EUR"}, "vatRate": "0.06", "unit": "kg",
                 "picture": "test-apple.png", "status": "%s"}""".formatted(en, pt, category, price, status);
    }

    public Reply receive(String sku, int quantity) {
        return post(
                STAFF,
                "/products/" + sku + "/stock-movements",
                "{\"kind\":\"RECEIVED\",\"quantity\":%d,\"reason\":\"Delivery\"}".formatted(quantity));
    }

    public Reply setReorderLevel(String sku, long level) {
        return put(STAFF, "/products/" + sku + "/reorder-level", "{\"reorderLevel\": %d}".formatted(level));
    }

    /** Returns what was available when the product became low, oldest event first. */
    public List<Long> lowStockEvents(String sku) {
        return jdbc.sql("""
                        select cast(payload ->> 'available' as bigint) from outbox
                         where type = 'stock.low.v1' and aggregateid = :sku order by number""").param("sku", sku).query(Long.class).list();
    }

    /** Adds a product with stock and default texts. */
    public void goods(String sku, int quantity) {
        jdbc.sql(
                        "insert into categories values ('fruit', 'Fruit', 'Fruta', 'test-apple.png', 0) on conflict do nothing")
                .update();
        product(sku, "fruit", "Name of " + sku, "Nome de " + sku, "2.10");
        if (quantity > 0) {
            receive(sku, quantity);
        }
    }

    /** Makes the reservation overdue. */
    public void letExpire(UUID order) {
        jdbc.sql("update reservations set expires_at = now() - interval '1 second' where order_id = :order")
                .param("order", order)
                .update();
    }
}
