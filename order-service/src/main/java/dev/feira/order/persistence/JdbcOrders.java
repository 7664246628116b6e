package dev.feira.order.persistence;

import dev.feira.order.domain.DeliveryAddress;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderFilter;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.OrderPosition;
import dev.feira.order.domain.OrderState;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.OrderSummary;
import dev.feira.order.domain.Orders;
import dev.feira.order.domain.Payment;
import dev.feira.order.domain.PaymentStatus;
import dev.feira.order.domain.Rejection;
import dev.feira.order.domain.RejectionReason;
import dev.feira.order.domain.Shortage;
import dev.feira.order.domain.TimelineEntry;
import dev.feira.order.domain.Totals;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores an order in three tables: the order, its lines and its timeline. One statement writes or reads all three: it
 * passes the lines, and returns lines and timeline, as JSON. Only {@link #lock} takes two statements.
 *
 * <p>Decision record 0019 compares this with Spring Data JDBC.
 */
@Repository
class JdbcOrders implements Orders {

    /** Every column by name: a prepared {@code o.*} fails when the next version's migration adds one beside this version. */
    private static final String SELECT = """
            select o.id, o.customer_id, o.status, o.currency, o.net, o.vat, o.gross, o.recipient, o.street, o.postal_code,
                   o.city, o.country, o.payment_token, o.payment_status, o.charge_id, o.card_brand, o.card_last4,
                   o.decline_reason, o.refund_id, o.rejection_reason, o.rejection_detail, o.rejection_lines, o.placed_at,
                   o.updated_at, o.version,
                   (select json_agg(json_build_object('sku', l.sku,
                           'name', json_build_object('en', l.name_en, 'pt', l.name_pt),
                           'unit', l.unit, 'picture', l.picture, 'quantity', l.quantity,
                           'unitPrice', json_build_object('amount', l.unit_price::text, 'currency', o.currency),
                           'vatRate', l.vat_rate::text) order by l.position)
                      from order_lines l where l.order_id = o.id) as lines,
                   (select json_agg(json_build_object('at', t.at, 'type', t.type, 'detail', t.detail)
                           order by t.position)
                      from order_timeline t where t.order_id = o.id) as timeline
              from orders o where o.id = :id""";

    private final JdbcClient jdbc;
    private final JsonMapper json = JsonMapper.builder().build();

    JdbcOrders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(Order order) {
        var lines = new ArrayList<NewLineRow>();
        for (var line : order.lines()) {
            lines.add(NewLineRow.of(lines.size(), line));
        }
        jdbc.sql("""
                        with placed as (
                            insert into orders (id, customer_id, status, currency, net, vat, gross, recipient, street,
                                   postal_code, city, country, payment_token, placed_at, updated_at, version)
                            values (:id, :customer, :status, :currency, :net, :vat, :gross, :recipient, :street,
                                   :postalCode, :city, :country, :token, :placedAt, :updatedAt, :version)
                            returning id
                        ), lines as (
                            insert into order_lines (order_id, position, sku, name_en, name_pt, unit, picture, quantity,
                                   unit_price, vat_rate, line_total, line_vat)
                            select placed.id, position, sku, "nameEn", "namePt", unit, picture, quantity,
                                   "unitPrice", "vatRate", "lineTotal", "lineVat"
                              from placed, json_to_recordset(cast(:lines as json)) as line (position smallint, sku text,
                                   "nameEn" text, "namePt" text, unit text, picture text, quantity integer,
                                   "unitPrice" numeric, "vatRate" numeric, "lineTotal" numeric, "lineVat" numeric)
                        )
                        insert into order_timeline (order_id, position, at, type, detail)
                        select id, 0, :at, :type, :detail from placed""")
                .param("id", order.id())
                .param("customer", order.customerId())
                .param("status", order.status().name())
                .param("currency", order.totals().gross().currency())
                .param("net", order.totals().net().amount())
                .param("vat", order.totals().vat().amount())
                .param("gross", order.totals().gross().amount())
                .param("recipient", order.deliveryAddress().name())
                .param("street", order.deliveryAddress().street())
                .param("postalCode", order.deliveryAddress().postalCode())
                .param("city", order.deliveryAddress().city())
                .param("country", order.deliveryAddress().country())
                .param("token", order.paymentToken())
                .param("placedAt", utc(order.placedAt()))
                .param("updatedAt", utc(order.updatedAt()))
                .param("version", order.version())
                .param("lines", json.writeValueAsString(lines))
                .params(entry(order.timeline().getFirst()))
                .update();
    }

    private static Map<String, @Nullable Object> entry(TimelineEntry entry) {
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("at", utc(entry.at()));
        parameters.put("type", entry.type().name());
        parameters.put("detail", entry.detail());
        return parameters;
    }

    @Override
    public Optional<Order> find(UUID id) {
        return jdbc.sql(SELECT).param("id", id).query(this::order).optional();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Order> lock(UUID id) {
        // Locks first and reads the order in a second statement. A statement that waits for a lock reads the locked row
        // as it is then, but lines and timeline as they were when the statement began.
        //
        // The lock of the row comes second. PostgreSQL may number a transaction while it waits for a row, and let
        // another one go
        // first. Events of the order would exchange their places in the feed.
        jdbc.sql("""
                        with turn as materialized (select pg_advisory_xact_lock(hashtextextended(:key, 0)))
                        select 1 from turn cross join orders o where o.id = :id for update of o""").param("key", "order " + id).param("id", id).query().listOfRows();
        return find(id);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void update(Order order) {
        var payment = order.payment();
        var rejection = order.rejection();
        var changed = jdbc.sql("""
                        with changed as (
                            update orders
                               set status = :status, payment_token = :token, payment_status = :paymentStatus,
                                   charge_id = :charge, card_brand = :brand, card_last4 = :last4,
                                   decline_reason = :declineReason, refund_id = :refund,
                                   rejection_reason = :rejectionReason, rejection_detail = :rejectionDetail,
                                   rejection_lines = cast(:rejectionLines as jsonb),
                                   updated_at = :updatedAt, version = :version
                             where id = :id and version = :version - 1
                            returning id
                        )
                        insert into order_timeline (order_id, position, at, type, detail)
                        select id, :position, :at, :type, :detail from changed""")
                .param("status", order.status().name())
                .param("token", order.paymentToken())
                .param(
                        "paymentStatus",
                        payment == null ? null : payment.status().name())
                .param("charge", payment == null ? null : payment.chargeId())
                .param("brand", payment == null ? null : payment.brand())
                .param("last4", payment == null ? null : payment.last4())
                .param("declineReason", payment == null ? null : payment.declineReason())
                .param("refund", payment == null ? null : payment.refundId())
                .param(
                        "rejectionReason",
                        rejection == null ? null : rejection.reason().name())
                .param("rejectionDetail", rejection == null ? null : rejection.detail())
                .param("rejectionLines", rejection == null ? null : json.writeValueAsString(rejection.lines()))
                .param("updatedAt", utc(order.updatedAt()))
                .param("version", order.version())
                .param("id", order.id())
                .param("position", order.timeline().size() - 1)
                .params(entry(order.timeline().getLast()))
                .update();
        if (changed != 1) {
            throw new OptimisticLockingFailureException("order " + order.id() + " was changed by another transaction");
        }
    }

    @Override
    public List<OrderSummary> page(OrderFilter filter, @Nullable OrderPosition after, int limit) {
        // only the conditions that apply: the planner then takes the index that fits them
        var conditions = new ArrayList<String>();
        var parameters = new HashMap<String, @Nullable Object>();
        if (filter.customerId() != null) {
            conditions.add("o.customer_id = :customer");
            parameters.put("customer", filter.customerId());
        }
        if (filter.status() != null) {
            conditions.add("o.status = :status");
            parameters.put("status", filter.status().name());
        }
        if (after != null) {
            conditions.add("(o.placed_at, o.id) < (:placedAt, :id)");
            parameters.put("placedAt", utc(after.placedAt()));
            parameters.put("id", after.id());
        }
        return jdbc.sql("""
                        select o.id, o.status, o.customer_id, o.currency, o.net, o.vat, o.gross, o.placed_at, o.updated_at,
                               (select count(*) from order_lines l where l.order_id = o.id) as lines
                          from orders o %s order by o.placed_at desc, o.id desc limit :limit""".formatted(conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions)))
                .params(parameters)
                .param("limit", limit)
                .query((row, number) -> new OrderSummary(
                        row.getObject("id", UUID.class),
                        OrderStatus.valueOf(text(row, "status")),
                        text(row, "customer_id"),
                        totals(row),
                        row.getInt("lines"),
                        instant(row, "placed_at"),
                        instant(row, "updated_at")))
                .list();
    }

    @Override
    public boolean isAt(OrderPosition position, @Nullable String customerId) {
        return jdbc.sql("""
                        select exists (select 1 from orders where id = :id and placed_at = :placedAt
                               and (cast(:customer as text) is null or customer_id = :customer))""")
                .param("id", position.id())
                .param("placedAt", utc(position.placedAt()))
                .param("customer", customerId)
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    @Override
    public List<OrderState> states(Collection<UUID> ids) {
        return jdbc.sql("select id, status, version from orders where id = any(:ids)")
                .param("ids", ids.toArray(UUID[]::new))
                .query(DataClassRowMapper.newInstance(OrderState.class))
                .list();
    }

    private Order order(ResultSet row, int number) throws SQLException {
        return new Order(
                row.getObject("id", UUID.class),
                text(row, "customer_id"),
                OrderStatus.valueOf(text(row, "status")),
                list(text(row, "lines"), OrderLine[].class),
                totals(row),
                new DeliveryAddress(
                        text(row, "recipient"),
                        text(row, "street"),
                        text(row, "postal_code"),
                        text(row, "city"),
                        text(row, "country")),
                row.getString("payment_token"),
                payment(row),
                rejection(row),
                list(text(row, "timeline"), TimelineEntry[].class),
                instant(row, "placed_at"),
                instant(row, "updated_at"),
                row.getInt("version"));
    }

    private static Totals totals(ResultSet row) throws SQLException {
        var currency = text(row, "currency");
        return new Totals(
                new Money(row.getBigDecimal("net"), currency),
                new Money(row.getBigDecimal("vat"), currency),
                new Money(row.getBigDecimal("gross"), currency));
    }

    private static @Nullable Payment payment(ResultSet row) throws SQLException {
        var status = row.getString("payment_status");
        return status == null
                ? null
                : new Payment(
                        PaymentStatus.valueOf(status),
                        row.getString("charge_id"),
                        row.getString("card_brand"),
                        row.getString("card_last4"),
                        row.getString("decline_reason"),
                        row.getString("refund_id"));
    }

    private @Nullable Rejection rejection(ResultSet row) throws SQLException {
        var reason = row.getString("rejection_reason");
        return reason == null
                ? null
                : new Rejection(
                        RejectionReason.valueOf(reason),
                        text(row, "rejection_detail"),
                        list(text(row, "rejection_lines"), Shortage[].class));
    }

    private <T> List<T> list(String text, Class<T[]> type) {
        return Arrays.asList(json.readValue(text, type));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getString(column), column);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** A line on its way to the table, with the amounts that the table has besides. */
    private record NewLineRow(
            int position,
            String sku,
            String nameEn,
            String namePt,
            String unit,
            @Nullable String picture,
            int quantity,
            BigDecimal unitPrice,
            BigDecimal vatRate,
            BigDecimal lineTotal,
            BigDecimal lineVat) {

        static NewLineRow of(int position, OrderLine line) {
            return new NewLineRow(
                    position,
                    line.sku(),
                    line.name().en(),
                    line.name().pt(),
                    line.unit(),
                    line.picture(),
                    line.quantity(),
                    line.unitPrice().amount(),
                    line.vatRate(),
                    line.total().amount(),
                    line.vat().amount());
        }
    }
}
