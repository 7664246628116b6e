package dev.feira.order.application;

import dev.feira.defaults.audit.Audit;
import dev.feira.order.application.AuditReport.Discrepancy;
import dev.feira.order.application.AuditReport.Kind;
import dev.feira.order.catalog.Catalog;
import dev.feira.order.catalog.CatalogReservation;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.domain.AuditSheets;
import dev.feira.order.domain.AuditSheets.Moved;
import dev.feira.order.domain.AuditSheets.Reserved;
import dev.feira.order.domain.AuditSheets.Row;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.payment.LedgerEntry;
import dev.feira.order.payment.Payments;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Compares settled orders with the payment provider's ledger and the catalog's reservations. Orders that change during the
 * comparison are skipped, so it may run at any time.
 *
 * <p>The first scheduled check compares all orders; later ones compare the orders placed since a {@link Checkpoint}. Keeps
 * no more than a page in memory.
 */
@Component
class OrderReconciliation implements Audit {

    private static final Logger log = LoggerFactory.getLogger(OrderReconciliation.class);
    private static final int PAGE = 2_000;
    private static final int MAX_REPORTED = 1_000;
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(2);

    private final AuditSheets sheets;
    private final Payments payments;
    private final Catalog catalog;
    private final OrderProperties settings;
    private final Clock clock;
    private final Object oneAtATime = new Object();
    /** Oldest first; guarded by {@link #oneAtATime}. */
    private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();

    /** The last successful check skipped no order placed before this; guarded by {@link #oneAtATime}. */
    private Instant skippedSince = Instant.MAX;

    /**
     * Positions up to which a check read the ledger and the reservations. Entries of orders placed later follow them.
     *
     * @param at when the reading ended
     */
    private record Checkpoint(
            Instant at, @Nullable String ledger, Map<CatalogReservation.Status, String> reservations) {}

    OrderReconciliation(AuditSheets sheets, Payments payments, Catalog catalog, OrderProperties settings, Clock clock) {
        this.sheets = sheets;
        this.payments = payments;
        this.catalog = catalog;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "orders";
    }

    @Override
    public String description() {
        return "Differences between orders, payments and stock";
    }

    @Override
    public Duration interval() {
        return settings.auditInterval();
    }

    /** Returns one interval: the called services start at the same time. */
    @Override
    public Duration initialDelay() {
        return settings.auditInterval();
    }

    /** Compares the orders placed since a checkpoint. */
    @Override
    public AuditReport check() {
        synchronized (oneAtATime) {
            var underWay = oldestUnderWay();
            return compare(startingPoint(underWay), underWay);
        }
    }

    /** Compares all orders. */
    AuditReport checkAll() {
        synchronized (oneAtATime) {
            return compare(null, oldestUnderWay());
        }
    }

    /**
     * Removes checkpoints that are no longer needed and returns the oldest one left, or null to compare all orders. It lies
     * before every order that the last check skipped or that is under way now.
     */
    private @Nullable Checkpoint startingPoint(Instant underWay) {
        var needed = underWay.isBefore(skippedSince) ? underWay : skippedSince;
        while (checkpoints.size() > 1) {
            var next = checkpoints.stream().skip(1).findFirst().orElseThrow();
            if (!isOldEnough(next) || needed.isBefore(next.at.plus(MAX_CLOCK_SKEW))) {
                break;
            }
            checkpoints.removeFirst();
        }
        // orders that the only check skipped lie before its checkpoint
        var first = checkpoints.size() > 1 ? checkpoints.getFirst() : null;
        return first == null || needed.isBefore(first.at.plus(MAX_CLOCK_SKEW)) ? null : first;
    }

    /** Returns when the oldest order under way was placed; {@link Instant#MAX} if there is none. */
    private Instant oldestUnderWay() {
        return sheets.oldestUnderWay().orElse(Instant.MAX);
    }

    private boolean isOldEnough(Checkpoint checkpoint) {
        return checkpoint.at.isBefore(clock.instant().minus(settings.auditWindow()));
    }

    /** Compares the orders after the checkpoint, or all, and adds a checkpoint. */
    private AuditReport compare(@Nullable Checkpoint from, Instant underWay) {
        var begun = clock.instant();
        var sheet = sheets.begin();
        try {
            var ledger = readLedger(sheet, from);
            var reservations = readReservations(sheet, from);
            var report = report(begun, sheet, from == null ? null : from.at.plus(MAX_CLOCK_SKEW));
            checkpoints.addLast(new Checkpoint(clock.instant(), ledger, reservations));
            // set only after success; orders placed since the begin may have been under way when they were read
            skippedSince = underWay.isBefore(begun) ? underWay : begun;
            return report;
        } finally {
            end(sheet);
        }
    }

    private String readLedger(UUID sheet, @Nullable Checkpoint from) {
        return payments.readLedger(
                from == null ? null : from.ledger,
                page -> sheets.addMoney(
                        sheet, page.stream().map(OrderReconciliation::moved).toList()));
    }

    private static Moved moved(LedgerEntry entry) {
        var amount = entry.amount().amount();
        return entry.refund()
                ? new Moved(entry.reference(), BigDecimal.ZERO, amount)
                : new Moved(entry.reference(), amount, BigDecimal.ZERO);
    }

    private Map<CatalogReservation.Status, String> readReservations(UUID sheet, @Nullable Checkpoint from) {
        var ends = new EnumMap<CatalogReservation.Status, String>(CatalogReservation.Status.class);
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
                ends.put(status, end);
            }
        }
        return ends;
    }

    private void end(UUID sheet) {
        try {
            sheets.end(sheet);
        } catch (DataAccessException | TransactionException e) {
            log.warn("The sheet of an audit is deleted by a later audit: {}", e.getMessage());
        }
    }

    private AuditReport report(Instant begun, UUID sheet, @Nullable Instant placedSince) {
        var found = new ArrayList<Discrepancy>();
        var statuses = new EnumMap<OrderStatus, Integer>(OrderStatus.class);
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
                    statuses.merge(row.status(), 1, Integer::sum);
                    if (found.size() < MAX_REPORTED) {
                        found.addAll(wrong(row));
                    }
                }
            }
        } while (page.size() == PAGE);
        sheets.strayMoney(sheet, MAX_REPORTED)
                .forEach(stray -> found.add(
                        new Discrepancy(stray.reference(), Kind.PAYMENT_WITHOUT_ORDER, "0 EUR", stray.what())));
        sheets.strayStock(sheet, MAX_REPORTED)
                .forEach(stray -> found.add(
                        new Discrepancy(stray.reference(), Kind.STOCK_WITHOUT_ORDER, "nothing", stray.what())));
        var totals = sheets.totals(sheet);
        return new AuditReport(
                begun,
                statuses,
                underWay,
                totals.charged().setScale(2),
                totals.refunded().setScale(2),
                found.stream().limit(MAX_REPORTED).toList());
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
