package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Line;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Page;
import dev.feira.catalog.domain.Position;
import dev.feira.catalog.domain.Reservation;
import dev.feira.catalog.domain.ReservationStatus;
import dev.feira.catalog.domain.Reservations;
import dev.feira.catalog.domain.Sku;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores reservations with their lines, which are never changed. */
@Repository
class PostgresReservations implements Reservations {

    private static final String LINES = """
             left join reservation_lines l on l.order_id = r.order_id
            """;

    private static final String COLUMNS = "r.order_id, r.status, r.expires_at, r.created_at, l.sku, l.quantity";

    /** A reservation whose rows, one per line, are being read. */
    private record Found(ReservationStatus status, Instant expiresAt, String createdAt, List<Line> lines) {}

    private record Listed(Reservation reservation, String createdAt) {}

    private final JdbcClient jdbc;

    PostgresReservations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Reservation> add(UUID orderId, ReservationStatus status, Lines lines, Duration hold) {
        return jdbc.sql("""
                        with reservation as (
                            insert into reservations (order_id, status, expires_at)
                            values (:orderId, :status, now() + make_interval(secs => :seconds))
                            on conflict (order_id) do nothing
                            returning order_id, expires_at
                        ), lines as (
                            insert into reservation_lines (order_id, sku, quantity)
                            select r.order_id, w.sku, w.quantity
                              from reservation r,
                                   unnest(cast(:skus as text[]), cast(:quantities as bigint[])) as w (sku, quantity)
                        )
                        select expires_at from reservation""")
                .param("orderId", orderId)
                .param("status", status.name())
                .param("seconds", hold.toMillis() / 1000.0)
                .param("skus", SqlArrays.ofSkus(lines.skus()))
                .param("quantities", SqlArrays.ofQuantities(lines))
                .query((row, number) -> new Reservation(orderId, status, lines, instant(row)))
                .optional();
    }

    @Override
    public Optional<Reservation> find(UUID orderId) {
        return one(orderId, "");
    }

    @Override
    public Optional<Reservation> lock(UUID orderId) {
        return one(orderId, " for update of r");
    }

    private Optional<Reservation> one(UUID orderId, String lock) {
        return read(jdbc.sql("select " + COLUMNS + " from reservations r" + LINES + "where r.order_id = :orderId"
                                + lock)
                        .param("orderId", orderId))
                .stream()
                .map(Listed::reservation)
                .findFirst();
    }

    @Override
    public List<Reservation> lockOverdue(int limit, Set<UUID> except) {
        return read(jdbc.sql("with r as (select order_id, status, expires_at, created_at from reservations"
                                + " where status = 'HELD' and expires_at <= now() and order_id <> all(cast(:except as uuid[]))"
                                + " order by expires_at limit :limit for update skip locked)"
                                + " select " + COLUMNS + " from r" + LINES + "order by r.expires_at, r.order_id")
                        .param("except", SqlArrays.ofIds(except))
                        .param("limit", limit))
                .stream()
                .map(Listed::reservation)
                .toList();
    }

    @Override
    public void update(List<UUID> orderIds, ReservationStatus status) {
        jdbc.sql("""
                        update reservations set status = :status, updated_at = now()
                         where order_id = any(cast(:orderIds as uuid[]))""")
                .param("status", status.name())
                .param("orderIds", SqlArrays.ofIds(orderIds))
                .update();
    }

    @Override
    public Page<Reservation> page(@Nullable ReservationStatus status, @Nullable Position after, int limit) {
        var conditions = new ArrayList<String>();
        if (status != null) {
            conditions.add("status = :status");
        }
        if (after != null) {
            conditions.add("(created_at, order_id) > (cast(:createdAt as timestamptz), cast(:orderId as uuid))");
        }
        var where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        var statement = jdbc.sql("with r as (select order_id, status, expires_at, created_at from reservations"
                        + where
                        + " order by created_at, order_id limit :limit)"
                        + " select " + COLUMNS + " from r" + LINES + "order by r.created_at, r.order_id")
                .param("limit", limit + 1);
        if (status != null) {
            statement = statement.param("status", status.name());
        }
        if (after != null) {
            statement = statement.param("createdAt", after.key()).param("orderId", after.id());
        }
        var page = Page.of(
                read(statement),
                limit,
                listed -> new Position(
                        listed.createdAt(), listed.reservation().orderId().toString()));
        return new Page<>(page.items().stream().map(Listed::reservation).toList(), page.end());
    }

    private static List<Listed> read(JdbcClient.StatementSpec statement) {
        var found = new LinkedHashMap<UUID, Found>();
        statement.query(row -> {
            var reservation = found.get(row.getObject("order_id", UUID.class));
            if (reservation == null) {
                reservation = new Found(
                        ReservationStatus.valueOf(row.getString("status")),
                        instant(row),
                        row.getObject("created_at", OffsetDateTime.class).toString(),
                        new ArrayList<>());
                found.put(row.getObject("order_id", UUID.class), reservation);
            }
            var sku = row.getString("sku");
            if (sku != null) { // a tombstone has no lines
                reservation.lines().add(new Line(new Sku(sku), row.getLong("quantity")));
            }
        });
        return found.entrySet().stream()
                .map(entry -> new Listed(
                        new Reservation(
                                entry.getKey(),
                                entry.getValue().status(),
                                Lines.of(entry.getValue().lines()),
                                entry.getValue().expiresAt()),
                        entry.getValue().createdAt()))
                .toList();
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getObject("expires_at", OffsetDateTime.class).toInstant();
    }
}
