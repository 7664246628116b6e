package dev.feira.order.application;

import dev.feira.defaults.DatabaseMigration;
import dev.feira.order.application.AuditReport.Discrepancy;
import dev.feira.order.application.AuditReport.Kind;
import dev.feira.order.catalog.Catalog;
import dev.feira.order.catalog.CatalogReservation;
import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.Orders;
import dev.feira.order.domain.Orders.AuditedOrder;
import dev.feira.order.payment.Payments;
import dev.feira.order.payment.PaymentsUnavailable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
 * <p>It reads everything, in pages, and keeps about 200 bytes for each order while it runs.
 */
@Service
public class OrderAudit {

    private static final Logger log = LoggerFactory.getLogger(OrderAudit.class);
    private static final int PAGE = 1_000;
    private static final int REPORTED = 1_000;

    private final Orders orders;
    private final Payments payments;
    private final Catalog catalog;
    private final DatabaseMigration migration;
    private final Clock clock;
    private volatile double discrepancies = Double.NaN;

    OrderAudit(
            Orders orders,
            Payments payments,
            Catalog catalog,
            DatabaseMigration migration,
            MeterRegistry meters,
            Clock clock) {
        this.orders = orders;
        this.payments = payments;
        this.catalog = catalog;
        this.migration = migration;
        this.clock = clock;
        Gauge.builder("feira.audit.discrepancies", this, audit -> audit.discrepancies)
                .tag("audit", "orders")
                .description("what does not agree between orders, payments and stock; NaN until the first audit")
                .register(meters);
    }

    private static final class Books {
        private BigDecimal charged = BigDecimal.ZERO;
        private BigDecimal refunded = BigDecimal.ZERO;

        private BigDecimal kept() {
            return charged.subtract(refunded);
        }
    }

    @Scheduled(
            fixedDelayString = "${feira.orders.audit-interval}",
            initialDelayString = "${feira.orders.audit-interval}")
    void measure() {
        if (!migration.isDone()) {
            return;
        }
        try {
            var report = audit();
            if (!report.balanced()) {
                log.error(
                        "The audit found {} discrepancies: {}",
                        report.discrepancies().size(),
                        report.discrepancies());
            }
        } catch (CatalogUnavailable | PaymentsUnavailable | DataAccessException | TransactionException e) {
            log.warn("The audit could not be made: {}", e.getMessage());
        }
    }

    /**
     * Compares everything, now.
     *
     * @throws CatalogUnavailable the reservations could not be read
     * @throws PaymentsUnavailable the books could not be read
     */
    public synchronized AuditReport audit() {
        var begun = clock.instant();
        var known = everyOrder();
        var books = new HashMap<String, Books>();
        var total = new Books();
        payments.readLedger(page -> page.forEach(entry -> {
            for (var account : List.of(total, books.computeIfAbsent(entry.reference(), reference -> new Books()))) {
                if (entry.refund()) {
                    account.refunded = account.refunded.add(entry.amount().amount());
                } else {
                    account.charged = account.charged.add(entry.amount().amount());
                }
            }
        }));
        var stock = new HashMap<UUID, CatalogReservation.Status>();
        for (var status : List.of(CatalogReservation.Status.HELD, CatalogReservation.Status.CONFIRMED)) {
            catalog.reservations(status).forEach(reservation -> stock.put(reservation.orderId(), status));
        }
        var suspects = compare(known, books, stock);
        var found = confirmed(suspects, known);
        discrepancies = found.size();
        var settled = (int) known.values().stream().filter(o -> !o.underWay()).count();
        return new AuditReport(
                found.isEmpty(),
                begun,
                settled,
                known.size() - settled,
                total.charged.setScale(2),
                total.refunded.setScale(2),
                found.stream().limit(REPORTED).toList());
    }

    private Map<UUID, AuditedOrder> everyOrder() {
        var known = new HashMap<UUID, AuditedOrder>();
        UUID last = null;
        List<AuditedOrder> page;
        do {
            page = orders.audited(last, PAGE);
            for (var order : page) {
                known.put(order.id(), order);
                last = order.id();
            }
        } while (page.size() == PAGE);
        return known;
    }

    private static List<Discrepancy> compare(
            Map<UUID, AuditedOrder> known, Map<String, Books> books, Map<UUID, CatalogReservation.Status> stock) {
        var suspects = new ArrayList<Discrepancy>();
        for (var order : known.values()) {
            if (order.underWay()) {
                continue;
            }
            var reference = order.id().toString();
            var expected = order.status().keepsPayment() ? order.gross().amount() : BigDecimal.ZERO;
            var account = books.get(reference);
            var actual = account == null ? BigDecimal.ZERO : account.kept();
            if (expected.compareTo(actual) != 0) {
                suspects.add(new Discrepancy(
                        reference,
                        Kind.PAYMENT,
                        expected.toPlainString() + " EUR, being " + order.status(),
                        actual.toPlainString() + " EUR"));
            }
            var reservation = stock.get(order.id());
            var expectedStock = expectedStock(order.status());
            if (reservation != expectedStock) {
                suspects.add(new Discrepancy(
                        reference,
                        Kind.STOCK,
                        (expectedStock == null ? "nothing" : expectedStock) + ", being " + order.status(),
                        String.valueOf(reservation == null ? "nothing" : reservation)));
            }
        }
        books.forEach((reference, account) -> {
            if (order(reference, known) == null && account.kept().signum() != 0) {
                suspects.add(new Discrepancy(
                        reference,
                        Kind.PAYMENT_WITHOUT_ORDER,
                        "0 EUR",
                        account.kept().toPlainString() + " EUR"));
            }
        });
        stock.forEach((id, status) -> {
            if (!known.containsKey(id)) {
                suspects.add(new Discrepancy(id.toString(), Kind.STOCK_WITHOUT_ORDER, "nothing", status.name()));
            }
        });
        return suspects;
    }

    /** Leaves out what changed, or came, while the audit was reading. */
    private List<Discrepancy> confirmed(List<Discrepancy> suspects, Map<UUID, AuditedOrder> known) {
        Set<UUID> ids = new HashSet<>();
        suspects.forEach(suspect -> {
            var id = uuid(suspect.reference());
            if (id != null) {
                ids.add(id);
            }
        });
        var now = new HashMap<UUID, AuditedOrder>();
        orders.audited(ids).forEach(order -> now.put(order.id(), order));
        return suspects.stream()
                .filter(suspect -> {
                    var after = order(suspect.reference(), now);
                    var before = order(suspect.reference(), known);
                    return after == null
                            || (before != null && before.version() == after.version() && !after.underWay());
                })
                .toList();
    }

    private static CatalogReservation.@Nullable Status expectedStock(OrderStatus status) {
        return status.keepsPayment() ? CatalogReservation.Status.CONFIRMED : null;
    }

    private static @Nullable AuditedOrder order(String reference, Map<UUID, AuditedOrder> known) {
        var id = uuid(reference);
        return id == null ? null : known.get(id);
    }

    private static @Nullable UUID uuid(String reference) {
        try {
            return UUID.fromString(reference);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
