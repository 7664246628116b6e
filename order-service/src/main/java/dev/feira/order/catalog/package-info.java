/** The client of catalog-service: prices and reservations. */
@NullMarked
package dev.feira.order.catalog;

import org.jspecify.annotations.NullMarked;
