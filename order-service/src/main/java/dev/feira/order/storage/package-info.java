/** Orders, idempotency keys and payment events in PostgreSQL. */
@NullMarked
package dev.feira.order.storage;

import org.jspecify.annotations.NullMarked;
