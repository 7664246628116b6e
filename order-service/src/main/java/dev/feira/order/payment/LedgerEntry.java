package dev.feira.order.payment;

import dev.feira.order.domain.Money;

/**
 * Money that moved, as the provider's books have it.
 *
 * @param refund whether it went back to the customer
 * @param id of the charge or refund
 * @param reference the order's id, as it was given
 * @param amount how much
 */
public record LedgerEntry(boolean refund, String id, String reference, Money amount) {}
