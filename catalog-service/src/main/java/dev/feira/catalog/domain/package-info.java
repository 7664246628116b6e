/** Products, stock and reservations, and the rules that hold for them. */
@NullMarked
package dev.feira.catalog.domain;

import org.jspecify.annotations.NullMarked;
