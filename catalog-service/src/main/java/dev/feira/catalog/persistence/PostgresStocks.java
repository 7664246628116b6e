package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Account;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Stock;
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
                        select sku, received, available, reserved, sold from stock
                         where sku = any(cast(:skus as text[])) order by sku""")
                .param("skus", SqlArrays.ofSkus(skus))
                .query((row, number) -> stock(row, ""))
                .list();
    }

    @Override
    public Optional<Stock> add(Sku sku, long change) {
        return jdbc.sql("""
                        update stock
                           set received = received + :change, available = available + :change, version = version + 1
                         where sku = :sku and available + :change >= 0
                        returning sku, received, available, reserved, sold""")
                .param("sku", sku.value())
                .param("change", change)
                .query((row, number) -> stock(row, ""))
                .optional();
    }

    /** Locks the rows in the order of the SKUs, then updates all of them if each has enough stock. */
    @Override
    public boolean move(Lines lines, Transfer transfer) {
        if (lines.isEmpty()) {
            return true;
        }
        var from = column(transfer.from());
        var moved = jdbc.sql("""
                        with wanted as (
                            select sku, quantity
                              from unnest(cast(:skus as text[]), cast(:quantities as bigint[])) as w (sku, quantity)
                        ), locked as (
                            select s.sku, w.quantity, s.%1$s >= w.quantity as enough
                              from stock s join wanted w on w.sku = s.sku
                             order by s.sku
                               for update of s
                        )
                        update stock s
                           set %1$s = s.%1$s - l.quantity, %2$s = s.%2$s + l.quantity, version = s.version + 1
                          from locked l
                         where s.sku = l.sku
                           and s.%1$s >= l.quantity
                           and (select count(*) from locked where enough) = :lines""".formatted(from, column(transfer.to())))
                .param("skus", SqlArrays.ofSkus(lines.skus()))
                .param("quantities", SqlArrays.ofQuantities(lines))
                .param("lines", lines.all().size())
                .update();
        if (moved != 0 && moved != lines.all().size()) {
            throw new IllegalStateException("%d of %d lines were moved from %s"
                    .formatted(moved, lines.all().size(), transfer.from()));
        }
        return moved != 0;
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
                        select s.sku, s.received, s.available, s.reserved, s.sold,
                               coalesce(g.received, 0) as counted_received,
                               s.available as counted_available,
                               coalesce(o.reserved, 0) as counted_reserved,
                               coalesce(o.sold, 0) as counted_sold
                          from stock s
                          left join ledger g on g.sku = s.sku
                          left join orders o on o.sku = s.sku
                         order by s.sku""")
                .query((row, number) -> new StockCount(stock(row, ""), stock(row, "counted_")))
                .list();
    }

    private static Stock stock(ResultSet row, String prefix) throws SQLException {
        return new Stock(
                new Sku(row.getString("sku")),
                row.getLong(prefix + "received"),
                row.getLong(prefix + "available"),
                row.getLong(prefix + "reserved"),
                row.getLong(prefix + "sold"));
    }
}
