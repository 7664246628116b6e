package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Account;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.StockChange;
import dev.feira.catalog.domain.StockCount;
import dev.feira.catalog.domain.Stocks;
import dev.feira.catalog.domain.Transfer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores the stock; every change is one conditional statement. */
@Repository
class PostgresStocks implements Stocks {

    /** The product has fallen to its reorder level, and no event has said so: {@code l} is its row before the change. */
    private static final String BECAME_LOW = "s.low and not l.low as became_low";

    private static final String COLUMNS = "s.sku, s.received, s.available, s.reserved, s.sold, s.reorder_level";

    private final JdbcClient jdbc;

    PostgresStocks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Stock> find(Sku sku) {
        return findAll(List.of(sku)).stream().findFirst();
    }

    @Override
    public List<Stock> findAll(List<Sku> skus) {
        return jdbc.sql("""
                        select %s from stock s
                         where s.sku = any(cast(:skus as text[])) order by s.sku""".formatted(COLUMNS))
                .param("skus", SqlArrays.ofSkus(skus))
                .query((row, number) -> stock(row, ""))
                .list();
    }

    @Override
    public Optional<StockChange> add(Sku sku, long change) {
        return jdbc.sql("""
                        with locked as (
                            select sku, low from stock where sku = :sku for update
                        )
                        update stock s
                           set received = s.received + :change, available = s.available + :change, version = s.version + 1,
                               low = %s
                          from locked l
                         where s.sku = l.sku and s.available + :change >= 0
                        returning %s, %s""".formatted(isLow("s.available + :change", "s.reorder_level"), COLUMNS, BECAME_LOW))
                .param("sku", sku.value())
                .param("change", change)
                .query((row, number) -> change(row))
                .optional();
    }

    @Override
    public Optional<StockChange> setReorderLevel(Sku sku, long level) {
        return jdbc.sql("""
                        with locked as (
                            select sku, low from stock where sku = :sku for update
                        )
                        update stock s set reorder_level = :level, low = %s
                          from locked l
                         where s.sku = l.sku
                        returning %s, %s""".formatted(isLow("s.available", ":level"), COLUMNS, BECAME_LOW))
                .param("sku", sku.value())
                .param("level", level)
                .query((row, number) -> change(row))
                .optional();
    }

    /** Returns a condition of constant names, or of a parameter: no user input becomes SQL. */
    private static String isLow(String available, String level) {
        return "%2$s > 0 and %1$s <= %2$s".formatted(available, level);
    }

    /** Locks the rows in the order of the SKUs, then updates all of them if each has enough stock. */
    @Override
    public Optional<List<StockChange>> move(Lines lines, Transfer transfer) {
        if (lines.isEmpty()) {
            return Optional.of(List.of());
        }
        var from = column(transfer.from());
        var moved = jdbc.sql("""
                        with wanted as (
                            select sku, quantity
                              from unnest(cast(:skus as text[]), cast(:quantities as bigint[])) as w (sku, quantity)
                        ), locked as (
                            select s.sku, s.low, w.quantity, s.%1$s >= w.quantity as enough
                              from stock s join wanted w on w.sku = s.sku
                             order by s.sku
                               for update of s
                        )
                        update stock s
                           set %1$s = s.%1$s - l.quantity, %2$s = s.%2$s + l.quantity, version = s.version + 1,
                               low = %3$s
                          from locked l
                         where s.sku = l.sku
                           and s.%1$s >= l.quantity
                           and (select count(*) from locked where enough) = :lines
                        returning %4$s, %5$s""".formatted(
                                from,
                                column(transfer.to()),
                                isLow(availableAfter(transfer), "s.reorder_level"),
                                COLUMNS,
                                BECAME_LOW))
                .param("skus", SqlArrays.ofSkus(lines.skus()))
                .param("quantities", SqlArrays.ofQuantities(lines))
                .param("lines", lines.all().size())
                .query((row, number) -> change(row))
                .list();
        if (!moved.isEmpty() && moved.size() != lines.all().size()) {
            throw new IllegalStateException("%d of %d lines were moved from %s"
                    .formatted(moved.size(), lines.all().size(), transfer.from()));
        }
        return moved.isEmpty() ? Optional.empty() : Optional.of(moved);
    }

    private static String availableAfter(Transfer transfer) {
        if (transfer.from() == Account.AVAILABLE) {
            return "s.available - l.quantity";
        }
        return transfer.to() == Account.AVAILABLE ? "s.available + l.quantity" : "s.available";
    }

    /** Returns a constant column name: no user input becomes SQL. */
    private static String column(Account account) {
        return switch (account) {
            case AVAILABLE -> "available";
            case RESERVED -> "reserved";
            case SOLD -> "sold";
        };
    }

    /** One statement reads one snapshot. */
    @Override
    public List<StockCount> count() {
        return jdbc.sql("""
                        with ledger as (
                            select sku, sum(quantity) as received from stock_movements group by sku
                        ), orders as (
                            select l.sku,
                                   sum(l.quantity) filter (where r.status = 'HELD') as reserved,
                                   sum(l.quantity) filter (where r.status = 'CONFIRMED') as sold
                              from reservation_lines l join reservations r on r.order_id = l.order_id
                             where r.status in ('HELD', 'CONFIRMED')
                             group by l.sku
                        )
                        select %s,
                               coalesce(g.received, 0) as counted_received,
                               s.available as counted_available,
                               coalesce(o.reserved, 0) as counted_reserved,
                               coalesce(o.sold, 0) as counted_sold,
                               s.reorder_level as counted_reorder_level
                          from stock s
                          left join ledger g on g.sku = s.sku
                          left join orders o on o.sku = s.sku
                         order by s.sku""".formatted(COLUMNS))
                .query((row, number) -> new StockCount(stock(row, ""), stock(row, "counted_")))
                .list();
    }

    private static StockChange change(ResultSet row) throws SQLException {
        return new StockChange(stock(row, ""), row.getBoolean("became_low"));
    }

    private static Stock stock(ResultSet row, String prefix) throws SQLException {
        return new Stock(
                new Sku(row.getString("sku")),
                row.getLong(prefix + "received"),
                row.getLong(prefix + "available"),
                row.getLong(prefix + "reserved"),
                row.getLong(prefix + "sold"),
                row.getLong(prefix + "reorder_level"));
    }
}
