/** Orders, idempotency keys and payment events in PostgreSQL. */
@NullMarked
package dev.feira.order.persistence;

import org.jspecify.annotations.NullMarked;
