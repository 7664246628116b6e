package dev.feira.order.application;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Whether orders, money and stock agree.
 *
 * @param balanced there is no discrepancy
 * @param checkedAt when the audit began
 * @param checked settled orders that were compared
 * @param underWay orders that were passed by, since the saga still works on them
 * @param charged what the provider took in all, in EUR
 * @param refunded what it gave back in all, in EUR
 * @param discrepancies what does not agree; the first 1,000
 */
public record AuditReport(
        boolean balanced,
        Instant checkedAt,
        int checked,
        int underWay,
        BigDecimal charged,
        BigDecimal refunded,
        List<Discrepancy> discrepancies) {

    /**
     * One thing that does not agree.
     *
     * @param reference the order's id, as the other party has it
     * @param kind what it is about
     * @param expected what the order says it should be
     * @param actual what the other party has
     */
    public record Discrepancy(String reference, Kind kind, String expected, String actual) {}

    /** What a discrepancy is about. */
    public enum Kind {
        /** Charges less refunds are not what the order's status asks for. */
        PAYMENT,
        /** The reservation, or what is in it, is not what the order asks for. */
        STOCK,
        /** Money moved for an order that does not exist. */
        PAYMENT_WITHOUT_ORDER,
        /** Stock is held or sold for an order that does not exist. */
        STOCK_WITHOUT_ORDER
    }
}
