/** Catalog-service as this service sees it: prices and reservations. */
@NullMarked
package dev.feira.order.catalog;

import org.jspecify.annotations.NullMarked;
