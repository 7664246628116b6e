/** Defines cards, charges, refunds and the ledger, and their rules. */
@NullMarked
package dev.feira.payment.domain;

import org.jspecify.annotations.NullMarked;
