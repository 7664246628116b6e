package dev.feira.order.application;

import dev.feira.defaults.audit.Audit;
import dev.feira.order.domain.OrderStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The result of a comparison of orders, payments and stock.
 *
 * @param checkedAt when the audit began
 * @param statuses number of compared orders with each status
 * @param underWay number of orders skipped because their saga is not finished
 * @param charged total charged by the provider, in EUR
 * @param refunded total refunded, in EUR
 * @param discrepancies the first 1,000 differences
 */
public record AuditReport(
        Instant checkedAt,
        Map<OrderStatus, Integer> statuses,
        int underWay,
        BigDecimal charged,
        BigDecimal refunded,
        List<Discrepancy> discrepancies)
        implements Audit.Report {

    /** Returns the number of compared orders. */
    public int checked() {
        return statuses.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * A difference.
     *
     * @param reference the order's id at the other service
     * @param expected the value that follows from the order
     * @param actual the value at the other service
     */
    public record Discrepancy(String reference, Kind kind, String expected, String actual) {}

    /** Kinds of differences. */
    public enum Kind {
        /** Charges minus refunds do not match the order's status. */
        PAYMENT,
        /** The reservation or its lines do not match the order. */
        STOCK,
        /** A payment refers to an order that does not exist. */
        PAYMENT_WITHOUT_ORDER,
        /** A reservation refers to an order that does not exist. */
        STOCK_WITHOUT_ORDER
    }
}
