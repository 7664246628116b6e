/** Defines products, stock and reservations, and their rules. */
@NullMarked
package dev.feira.catalog.domain;

import org.jspecify.annotations.NullMarked;
