package dev.feira.order.payment;

import dev.feira.order.domain.Money;

/**
 * A charge or refund in the provider's ledger.
 *
 * @param refund whether it is a refund
 * @param id of the charge or refund
 * @param reference the order's id
 * @param amount its amount
 */
public record LedgerEntry(boolean refund, String id, String reference, Money amount) {}
