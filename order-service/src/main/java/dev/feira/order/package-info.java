/** Quotes, orders, and the saga that reserves, charges and confirms them. */
@NullMarked
package dev.feira.order;

import org.jspecify.annotations.NullMarked;
