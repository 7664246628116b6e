package dev.feira.order.persistence;

import dev.feira.order.domain.AuditSheets;
import dev.feira.order.domain.OrderStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionOperations;

/** Stores the sheets in unlogged tables: a crash of the database truncates them, and the audit fails. */
@Repository
class JdbcAuditSheets implements AuditSheets {

    private static final Logger log = LoggerFactory.getLogger(JdbcAuditSheets.class);

    /** For a statement; longer than that of a customer's request, which is a setting of the connection. */
    private static final String TIMEOUT = "8s";

    /** Rows that one statement deletes. */
    private static final int DELETE_BATCH = 20_000;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    JdbcAuditSheets(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Executes one statement with the longer timeout. */
    private <T> T withLongerTimeout(Supplier<T> statement) {
        return Objects.requireNonNull(transaction.<T>execute(_ -> {
            jdbc.sql("set local statement_timeout = '" + TIMEOUT + "'").update();
            return statement.get();
        }));
    }

    @Override
    public UUID begin() {
        try {
            withLongerTimeout(() -> jdbc.sql("select id from audit_sheets where begun_at < now() - interval '1 hour'")
                            .query(UUID.class)
                            .list())
                    .forEach(this::end);
        } catch (DataAccessException e) {
            log.warn("The sheets of interrupted audits could not be deleted: {}", e.getMessage());
        }
        var id = UUID.randomUUID();
        withLongerTimeout(() -> jdbc.sql("insert into audit_sheets (id) values (:id)")
                .param("id", id)
                .update());
        return id;
    }

    @Override
    public void addMoney(UUID sheet, List<Moved> moved) {
        var sums = new HashMap<String, Moved>();
        for (var each : moved) {
            var id = uuid(each.reference());
            var reference = id == null ? each.reference() : id.toString();
            sums.merge(
                    reference,
                    new Moved(reference, each.charged(), each.refunded()),
                    (a, b) -> new Moved(
                            reference,
                            a.charged().add(b.charged()),
                            a.refunded().add(b.refunded())));
        }
        var rows = List.copyOf(sums.values());
        withLongerTimeout(() -> jdbc.sql("""
                        insert into audit_money (sheet, reference, order_id, charged, refunded)
                        select :sheet, * from unnest(:references, :orders, :charged, :refunded)
                            on conflict (sheet, reference) do update
                           set charged = audit_money.charged + excluded.charged,
                               refunded = audit_money.refunded + excluded.refunded""")
                .param("sheet", sheet)
                .param("references", rows.stream().map(Moved::reference).toArray(String[]::new))
                .param("orders", rows.stream().map(row -> uuid(row.reference())).toArray(UUID[]::new))
                .param("charged", rows.stream().map(Moved::charged).toArray(BigDecimal[]::new))
                .param("refunded", rows.stream().map(Moved::refunded).toArray(BigDecimal[]::new))
                .update());
    }

    @Override
    public void addStock(UUID sheet, String status, List<Reserved> reserved) {
        var rows = new HashMap<UUID, String>();
        reserved.forEach(each -> rows.put(each.order(), goods(each.quantities())));
        var orders = List.copyOf(rows.keySet());
        withLongerTimeout(() -> jdbc.sql("""
                        insert into audit_stock (sheet, order_id, status, goods)
                        select :sheet, o, :status, g from unnest(:orders, :goods) as u (o, g)
                            on conflict (sheet, order_id) do update
                           set status = excluded.status, goods = excluded.goods""")
                .param("sheet", sheet)
                .param("status", status)
                .param("orders", orders.toArray(UUID[]::new))
                .param("goods", orders.stream().map(rows::get).toArray(String[]::new))
                .update());
    }

    @Override
    public List<Row> page(UUID sheet, @Nullable Instant placedSince, @Nullable UUID after, int limit) {
        // finished_at is the begin of the step's transaction; the other service was called before it
        return withLongerTimeout(() -> jdbc.sql("""
                        select o.id, o.status, o.gross,
                               exists (select 1 from saga_steps s
                                        where s.order_id = o.id
                                          and (s.finished_at is null or s.finished_at >= a.begun_at)) as under_way,
                               coalesce(m.charged - m.refunded, 0) as kept,
                               (select string_agg(l.quantity || ' ' || l.sku, ', ' order by l.sku collate "C")
                                  from (select sku, sum(quantity) as quantity from order_lines
                                         where order_id = o.id group by sku) l) as goods,
                               v.status as stock, v.goods as stock_goods
                          from orders o
                          join audit_sheets a on a.id = :sheet
                          left join audit_money m on m.sheet = :sheet and m.order_id = o.id
                          left join audit_stock v on v.sheet = :sheet and v.order_id = o.id
                         where (cast(:after as uuid) is null or o.id > :after)
                           and (cast(:since as timestamptz) is null or o.placed_at >= :since)
                         order by o.id limit :limit""")
                .param("sheet", sheet)
                .param("after", after)
                .param("since", placedSince == null ? null : placedSince.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query((row, number) -> {
                    var status = OrderStatus.valueOf(row.getString("status"));
                    return new Row(
                            row.getObject("id", UUID.class),
                            status,
                            row.getBigDecimal("gross"),
                            row.getBoolean("under_way") || !status.isSettled(),
                            row.getBigDecimal("kept"),
                            row.getString("goods"),
                            row.getString("stock"),
                            row.getString("stock_goods"));
                })
                .list());
    }

    @Override
    public List<Stray> strayMoney(UUID sheet, int limit) {
        return withLongerTimeout(() -> jdbc.sql("""
                        select m.reference, (m.charged - m.refunded) || ' EUR' as what from audit_money m
                         where m.sheet = :sheet and m.charged <> m.refunded
                           and not exists (select 1 from orders o where o.id = m.order_id)
                         order by m.reference limit :limit""")
                .param("sheet", sheet)
                .param("limit", limit)
                .query(DataClassRowMapper.newInstance(Stray.class))
                .list());
    }

    @Override
    public List<Stray> strayStock(UUID sheet, int limit) {
        return withLongerTimeout(() -> jdbc.sql("""
                        select v.order_id as reference, v.status as what from audit_stock v
                         where v.sheet = :sheet and not exists (select 1 from orders o where o.id = v.order_id)
                         order by v.order_id limit :limit""")
                .param("sheet", sheet)
                .param("limit", limit)
                .query(DataClassRowMapper.newInstance(Stray.class))
                .list());
    }

    @Override
    public Totals totals(UUID sheet) {
        return withLongerTimeout(
                () -> jdbc.sql("""
                        select (select coalesce(sum(charged), 0) from audit_money where sheet = a.id) as charged,
                               (select coalesce(sum(refunded), 0) from audit_money where sheet = a.id) as refunded
                          from audit_sheets a where a.id = :sheet""").param("sheet", sheet).query(Totals.class).single());
    }

    @Override
    public void end(UUID sheet) {
        for (var table : List.of("audit_money", "audit_stock")) {
            var some = "select ctid from %s where sheet = :sheet limit %d".formatted(table, DELETE_BATCH);
            var delete = "delete from %s where ctid = any (array(%s))".formatted(table, some);
            int deleted;
            do {
                deleted = withLongerTimeout(
                        () -> jdbc.sql(delete).param("sheet", sheet).update());
            } while (deleted == DELETE_BATCH);
        }
        withLongerTimeout(() -> jdbc.sql("delete from audit_sheets where id = :sheet")
                .param("sheet", sheet)
                .update());
    }

    @Override
    public Optional<Instant> oldestUnderWay() {
        return withLongerTimeout(() -> jdbc.sql("""
                        select min(o.placed_at) as oldest from orders o
                         where o.id in (select order_id from saga_steps where finished_at is null)""")
                .query((row, number) -> Optional.ofNullable(row.getObject("oldest", OffsetDateTime.class)))
                .single()
                .map(OffsetDateTime::toInstant));
    }

    /** Returns the lines in the format that {@link #page} selects for an order. */
    private static String goods(Map<String, Long> quantities) {
        return new TreeMap<>(quantities)
                .entrySet().stream()
                        .map(line -> line.getValue() + " " + line.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static @Nullable UUID uuid(String reference) {
        try {
            return UUID.fromString(reference);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
