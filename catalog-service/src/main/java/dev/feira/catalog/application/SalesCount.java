package dev.feira.catalog.application;

import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Sales;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Counts the sales of products, in the caller's transaction: the inbox counts each order once. */
@Service
public class SalesCount {

    private final Sales sales;

    SalesCount(Sales sales) {
        this.sales = sales;
    }

    /** Counts the lines of a confirmed order. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void sold(Lines lines) {
        sales.add(lines);
    }

    /** Takes off the lines of an order that was returned, or cancelled after it was confirmed. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void returned(Lines lines) {
        sales.remove(lines);
    }
}
