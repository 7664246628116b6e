/** The saga: durable steps in a table, run by any replica and retried until they have a result. */
@NullMarked
package dev.feira.order.saga;

import org.jspecify.annotations.NullMarked;
