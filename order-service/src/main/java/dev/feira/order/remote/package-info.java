/** Decorates calls to other services: time limiter, circuit breaker, bulkhead, and retry where safe. */
@NullMarked
package dev.feira.order.remote;

import org.jspecify.annotations.NullMarked;
