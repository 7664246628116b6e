/** Cards, charges, refunds and the ledger, with the rules that hold for them. */
@NullMarked
package dev.feira.payment.domain;

import org.jspecify.annotations.NullMarked;
