package dev.feira.catalog.application;

import dev.feira.catalog.domain.StockCount;
import dev.feira.catalog.domain.Stocks;
import dev.feira.defaults.audit.AuditMetric;
import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Proves that no goods appeared or vanished: for each product, received = available + reserved + sold, where received is
 * the sum of the ledger, and reserved and sold are the sums of the reservations.
 */
@Service
public class StockAudit {

    private static final Logger log = LoggerFactory.getLogger(StockAudit.class);

    /**
     * What a count found.
     *
     * @param skus products counted
     * @param discrepancies those that are wrong; none where all is well
     */
    public record Report(Instant checkedAt, int skus, List<StockCount> discrepancies) {

        public boolean isBalanced() {
            return discrepancies.isEmpty();
        }
    }

    private final Stocks stocks;
    private final DatabaseMigration migration;
    private final Clock clock;
    private final AuditMetric metric;

    StockAudit(Stocks stocks, DatabaseMigration migration, Clock clock, MeterRegistry registry) {
        this.stocks = stocks;
        this.migration = migration;
        this.clock = clock;
        this.metric = new AuditMetric("stock", "Products whose stock does not balance", registry);
    }

    /** Counts all the stock now. */
    public Report check() {
        var counts = stocks.count();
        var wrong = counts.stream().filter(count -> !count.isRight()).toList();
        var report = new Report(clock.instant(), counts.size(), wrong);
        metric.found(report.discrepancies().size(), report.checkedAt());
        if (!report.isBalanced()) {
            log.error("The stock does not balance: {}", wrong);
        }
        return report;
    }

    @Scheduled(fixedDelayString = "${feira.catalog.audit.interval:5m}")
    void checkByTheClock() {
        if (migration.isDone()) {
            metric.attempt(this::check);
        }
    }
}
