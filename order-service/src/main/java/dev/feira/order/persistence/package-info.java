/** SQL for orders, idempotency keys and payment events. */
@NullMarked
package dev.feira.order.persistence;

import org.jspecify.annotations.NullMarked;
