/** The client of the payment provider: charges and refunds. */
@NullMarked
package dev.feira.order.payment;

import org.jspecify.annotations.NullMarked;
