/** Durable steps: kept in a table, run by any replica, repeated until they have an answer. */
@NullMarked
package dev.feira.order.saga;

import org.jspecify.annotations.NullMarked;
