/** Offers products, prices, search, stock and reservations. */
@NullMarked
package dev.feira.catalog;

import org.jspecify.annotations.NullMarked;
