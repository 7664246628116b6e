package dev.feira.catalog.application;

import dev.feira.catalog.config.CatalogProperties;
import dev.feira.catalog.domain.Sales;
import dev.feira.catalog.domain.StockCount;
import dev.feira.catalog.domain.Stocks;
import dev.feira.defaults.audit.Audit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Service;

/**
 * Compares the stock of each product with its records: received = available + reserved + sold. Received is the sum of the
 * ledger; reserved and sold are the sums of the reservations.
 */
@Service
public class StockAudit implements Audit {

    /**
     * The result of an audit.
     *
     * @param skus number of products compared
     * @param uncountedSales units whose sale or return is not counted yet: its event is under way, or parked
     * @param discrepancies products whose stock does not balance
     */
    public record Report(Instant checkedAt, int skus, long uncountedSales, List<StockCount> discrepancies)
            implements Audit.Report {}

    private final Stocks stocks;
    private final Sales sales;
    private final CatalogProperties settings;
    private final Clock clock;

    StockAudit(Stocks stocks, Sales sales, CatalogProperties settings, Clock clock) {
        this.stocks = stocks;
        this.sales = sales;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "stock";
    }

    @Override
    public String description() {
        return "Products whose stock does not balance";
    }

    @Override
    public Duration interval() {
        return settings.audit().interval();
    }

    @Override
    public Report check() {
        var counts = stocks.count();
        var wrong = counts.stream().filter(count -> !count.isConsistent()).toList();
        return new Report(clock.instant(), counts.size(), sales.uncounted(), wrong);
    }
}
