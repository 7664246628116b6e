/** A payment company in small: takes test cards, charges, refunds, and calls back. */
@NullMarked
package dev.feira.payment;

import org.jspecify.annotations.NullMarked;
