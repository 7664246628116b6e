package dev.feira.order.application;

import dev.feira.defaults.audit.AuditMetric;
import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.order.application.AuditReport.Discrepancy;
import dev.feira.order.application.AuditReport.Kind;
import dev.feira.order.catalog.Catalog;
import dev.feira.order.catalog.CatalogReservation;
import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.domain.AuditSheets;
import dev.feira.order.domain.AuditSheets.Moved;
import dev.feira.order.domain.AuditSheets.Reserved;
import dev.feira.order.domain.AuditSheets.Row;
import dev.feira.order.payment.Payments;
import dev.feira.order.payment.PaymentsUnavailable;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/**
 * Compares every settled order with the provider's books and the catalog's reservations. Orders that change while the
 * audit reads are left out, so that it may run while the shop does: what it reports is wrong, not late.
 *
 * <p>Whoever asks has everything compared. The metric has it once, and from then on only what is new: the places up to
 * which the books were read are remembered, and orders that were placed later are compared. Both keep no more than a
 * page in memory.
 */
@Service
public class OrderAudit {

    private static final Logger log = LoggerFactory.getLogger(OrderAudit.class);
    private static final int PAGE = 2_000;
    private static final int REPORTED = 1_000;
    /** How far the clocks of replicas may be apart. */
    private static final Duration CLOCKS = Duration.ofMinutes(2);
    /** The result of an audit that nobody waited for is good for as long as this. */
    private static final Duration WAITED_FOR = Duration.ofMinutes(1);

    private final AuditSheets sheets;
    private final Payments payments;
    private final Catalog catalog;
    private final DatabaseMigration migration;
    private final OrderProperties settings;
    private final Clock clock;
    private final Object oneAtATime = new Object();
    /** Oldest first; guarded by {@link #oneAtATime}. */
    private final Deque<Bookmark> bookmarks = new ArrayDeque<>();

    /** Nothing placed before this was left out by the last audit that succeeded; guarded by {@link #oneAtATime}. */
    private Instant leftOutSince = Instant.MAX;

    private @Nullable CompletableFuture<AuditReport> asked;
    /** Guarded by this. */
    private Instant askedFinishedAt = Instant.MAX;

    private final AuditMetric metric;

    /**
     * How far the books were read; what belongs to an order that is placed later comes behind.
     *
     * @param at when the reading ended
     */
    private record Bookmark(Instant at, @Nullable String ledger, Map<CatalogReservation.Status, String> reservations) {}

    /** The audit takes longer than the caller waits; the next to ask gets its result. */
    public static final class UnderWay extends RuntimeException {
        UnderWay() {
            super("The audit is still under way.");
        }
    }

    OrderAudit(
            AuditSheets sheets,
            Payments payments,
            Catalog catalog,
            DatabaseMigration migration,
            OrderProperties settings,
            MeterRegistry meters,
            Clock clock) {
        this.sheets = sheets;
        this.payments = payments;
        this.catalog = catalog;
        this.migration = migration;
        this.settings = settings;
        this.clock = clock;
        this.metric = new AuditMetric("orders", "What does not agree between orders, payments and stock", meters);
    }

    @Scheduled(
            fixedDelayString = "${feira.orders.audit-interval}",
            initialDelayString = "${feira.orders.audit-interval}")
    void measure() {
        if (migration.isDone()) {
            metric.attempt(this::compareWhatIsNew);
        }
    }

    private void compareWhatIsNew() {
        try {
            AuditReport report;
            synchronized (oneAtATime) {
                var underWay = oldestUnderWay();
                report = compare(whereToBegin(underWay), underWay);
            }
            note(report);
        } catch (CatalogUnavailable | PaymentsUnavailable e) {
            metric.failed();
            log.warn("The audit could not be made: {}", e.getMessage());
        }
    }

    /** Whoever asked may not wait for it, and the next audit need not find it again. */
    private void note(AuditReport report) {
        metric.found(report.discrepancies().size(), report.checkedAt());
        if (!report.balanced()) {
            log.error(
                    "The audit found {} discrepancies: {}",
                    report.discrepancies().size(),
                    report.discrepancies());
        }
    }

    /**
     * The oldest bookmark that is needed: what is placed behind it was compared, or will be. Orders that were left out last
     * time, and those that will be now, since they are under way, must not fall behind it. Null: everything is compared.
     */
    private @Nullable Bookmark whereToBegin(Instant underWay) {
        var needed = underWay.isBefore(leftOutSince) ? underWay : leftOutSince;
        while (bookmarks.size() > 1) {
            var next = bookmarks.stream().skip(1).findFirst().orElseThrow();
            if (!isOldEnough(next) || needed.isBefore(next.at.plus(CLOCKS))) {
                break;
            }
            bookmarks.removeFirst();
        }
        // the first audit alone leaves out what was under way, and nothing came after it
        var first = bookmarks.size() > 1 ? bookmarks.getFirst() : null;
        return first == null || needed.isBefore(first.at.plus(CLOCKS)) ? null : first;
    }

    /** When it was placed; far in the future, if there is none. */
    private Instant oldestUnderWay() {
        return sheets.oldestUnderWay().orElse(Instant.MAX);
    }

    private boolean isOldEnough(Bookmark bookmark) {
        return bookmark.at.isBefore(clock.instant().minus(settings.auditWindow()));
    }

    /**
     * Compares everything, in the background; joins an audit that is under way.
     *
     * @throws UnderWay it takes longer than {@code feira.orders.audit-wait}: ask again for its result
     * @throws CatalogUnavailable the reservations could not be read
     * @throws PaymentsUnavailable the books could not be read
     */
    public AuditReport audit() {
        CompletableFuture<AuditReport> mine;
        synchronized (this) {
            if (asked == null
                    || (asked.isDone()
                            && askedFinishedAt.isBefore(clock.instant().minus(WAITED_FOR)))) {
                var report = new CompletableFuture<AuditReport>();
                Thread.ofVirtual().name("audit").start(() -> compareEverything(report));
                asked = report;
                askedFinishedAt = Instant.MAX;
            }
            mine = asked;
        }
        try {
            var report = mine.get(settings.auditWait().toMillis(), TimeUnit.MILLISECONDS);
            delivered(mine);
            return report;
        } catch (TimeoutException _) {
            throw new UnderWay();
        } catch (ExecutionException e) {
            delivered(mine);
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnderWay();
        }
    }

    private synchronized void delivered(CompletableFuture<AuditReport> audit) {
        if (asked == audit) {
            asked = null;
        }
    }

    private void compareEverything(CompletableFuture<AuditReport> report) {
        try {
            synchronized (oneAtATime) {
                var compared = compare(null, oldestUnderWay());
                note(compared);
                finished();
                report.complete(compared);
            }
        } catch (Throwable e) {
            metric.failed();
            finished();
            report.completeExceptionally(e);
        }
    }

    private synchronized void finished() {
        askedFinishedAt = clock.instant();
    }

    /** Compares what came behind the bookmark, or everything, and leaves a bookmark at the end. */
    private AuditReport compare(@Nullable Bookmark from, Instant underWay) {
        var begun = clock.instant();
        var sheet = sheets.begin();
        try {
            var ledger = payments.readLedger(
                    from == null ? null : from.ledger,
                    page -> sheets.addMoney(
                            sheet,
                            page.stream()
                                    .map(entry -> entry.refund()
                                            ? new Moved(
                                                    entry.reference(),
                                                    BigDecimal.ZERO,
                                                    entry.amount().amount())
                                            : new Moved(
                                                    entry.reference(),
                                                    entry.amount().amount(),
                                                    BigDecimal.ZERO))
                                    .toList()));
            var reservations = new EnumMap<CatalogReservation.Status, String>(CatalogReservation.Status.class);
            for (var status : List.of(CatalogReservation.Status.HELD, CatalogReservation.Status.CONFIRMED)) {
                var end = catalog.readReservations(
                        status,
                        from == null ? null : from.reservations.get(status),
                        page -> sheets.addStock(
                                sheet,
                                status.name(),
                                page.stream()
                                        .map(each -> new Reserved(each.orderId(), each.quantities()))
                                        .toList()));
                if (end != null) {
                    reservations.put(status, end);
                }
            }
            var report = report(begun, sheet, from == null ? null : from.at.plus(CLOCKS));
            bookmarks.addLast(new Bookmark(clock.instant(), ledger, reservations));
            // Not before: whatever an audit that fails did not compare is still to be compared. And what was placed
            // since it began may have been under way when it was read.
            leftOutSince = underWay.isBefore(begun) ? underWay : begun;
            return report;
        } finally {
            try {
                sheets.end(sheet);
            } catch (DataAccessException | TransactionException e) {
                log.warn("An audit's sheet will be cleared away later: {}", e.getMessage()); // by AuditSheets.begin
            }
        }
    }

    private AuditReport report(Instant begun, UUID sheet, @Nullable Instant placedSince) {
        var found = new ArrayList<Discrepancy>();
        var checked = 0;
        var underWay = 0;
        UUID last = null;
        List<Row> page;
        do {
            page = sheets.page(sheet, placedSince, last, PAGE);
            for (var row : page) {
                last = row.id();
                if (row.underWay()) {
                    underWay++;
                } else {
                    checked++;
                    if (found.size() < REPORTED) {
                        found.addAll(wrong(row));
                    }
                }
            }
        } while (page.size() == PAGE);
        sheets.strayMoney(sheet, REPORTED)
                .forEach(stray -> found.add(
                        new Discrepancy(stray.reference(), Kind.PAYMENT_WITHOUT_ORDER, "0 EUR", stray.what())));
        sheets.strayStock(sheet, REPORTED)
                .forEach(stray -> found.add(
                        new Discrepancy(stray.reference(), Kind.STOCK_WITHOUT_ORDER, "nothing", stray.what())));
        var totals = sheets.totals(sheet);
        return new AuditReport(
                found.isEmpty(),
                begun,
                checked,
                underWay,
                totals.charged().setScale(2),
                totals.refunded().setScale(2),
                found.stream().limit(REPORTED).toList());
    }

    private static List<Discrepancy> wrong(Row order) {
        var wrong = new ArrayList<Discrepancy>();
        var reference = order.id().toString();
        var sold = order.status().keepsPayment();
        var expected = sold ? order.gross() : BigDecimal.ZERO;
        if (expected.compareTo(order.kept()) != 0) {
            wrong.add(new Discrepancy(
                    reference,
                    Kind.PAYMENT,
                    expected.toPlainString() + " EUR, being " + order.status(),
                    order.kept().toPlainString() + " EUR"));
        }
        var expectedStock = sold ? CatalogReservation.Status.CONFIRMED + " " + order.goods() : "nothing";
        var stock = order.stock() == null ? "nothing" : order.stock() + " " + order.stockGoods();
        if (!expectedStock.equals(stock)) {
            wrong.add(new Discrepancy(reference, Kind.STOCK, expectedStock + ", being " + order.status(), stock));
        }
        return wrong;
    }
}
