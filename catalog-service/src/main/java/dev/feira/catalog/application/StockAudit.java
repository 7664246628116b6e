package dev.feira.catalog.application;

import dev.feira.catalog.domain.StockCount;
import dev.feira.catalog.domain.Stocks;
import dev.feira.defaults.DatabaseMigration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

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
    private final AtomicReference<@Nullable Report> last = new AtomicReference<>();

    StockAudit(Stocks stocks, DatabaseMigration migration, Clock clock, MeterRegistry registry) {
        this.stocks = stocks;
        this.migration = migration;
        this.clock = clock;
        Gauge.builder("feira.audit.discrepancies", last, StockAudit::discrepancies)
                .description("Products whose stock does not balance, at the last count; NaN where it failed")
                .tag("audit", "stock")
                .register(registry);
        Gauge.builder("feira.audit.checked", last, StockAudit::checkedAt)
                .description("When the stock was last counted")
                .tag("audit", "stock")
                .baseUnit("seconds")
                .register(registry);
    }

    private static double discrepancies(AtomicReference<@Nullable Report> last) {
        var report = last.get();
        return report == null ? Double.NaN : report.discrepancies().size();
    }

    private static double checkedAt(AtomicReference<@Nullable Report> last) {
        var report = last.get();
        return report == null ? Double.NaN : report.checkedAt().getEpochSecond();
    }

    /** Counts all the stock now. */
    public Report check() {
        var counts = stocks.count();
        var wrong = counts.stream().filter(count -> !count.isRight()).toList();
        var report = new Report(clock.instant(), counts.size(), wrong);
        last.set(report);
        if (!report.isBalanced()) {
            log.error("The stock does not balance: {}", wrong);
        }
        return report;
    }

    @Scheduled(fixedDelayString = "${feira.catalog.audit.interval:5m}")
    void checkByTheClock() {
        if (!migration.isDone()) {
            return;
        }
        try {
            check();
        } catch (DataAccessException | TransactionException e) {
            last.set(null); // what was right a while ago says nothing about now
            log.warn("The stock was not counted, this is tried again: {}", e.getMessage());
        }
    }
}
