/** The payment provider as this service sees it: charges and refunds. */
@NullMarked
package dev.feira.order.payment;

import org.jspecify.annotations.NullMarked;
