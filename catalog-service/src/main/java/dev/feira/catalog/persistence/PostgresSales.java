package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Sales;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores the sales; each change is one statement. */
@Repository
class PostgresSales implements Sales {

    private final JdbcClient jdbc;

    PostgresSales(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void add(Lines sold) {
        change(sold, "+");
    }

    @Override
    public void remove(Lines returned) {
        change(returned, "-");
    }

    @Override
    public long uncounted() {
        return jdbc.sql("""
                        select coalesce(sum(abs(s.sold - p.sold)), 0)
                          from stock s join product_sales p on p.sku = s.sku""").query(Long.class).single();
    }

    private void change(Lines lines, String sign) {
        jdbc.sql("""
                        update product_sales s set sold = s.sold %s w.quantity
                          from unnest(cast(:skus as text[]), cast(:quantities as bigint[])) as w (sku, quantity)
                         where s.sku = w.sku""".formatted(sign))
                .param("skus", SqlArrays.ofSkus(lines.skus()))
                .param("quantities", SqlArrays.ofQuantities(lines))
                .update();
    }
}
