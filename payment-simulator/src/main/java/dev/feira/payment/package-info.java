/** Simulates a payment provider: test cards, charges, refunds and webhooks. */
@NullMarked
package dev.feira.payment;

import org.jspecify.annotations.NullMarked;
