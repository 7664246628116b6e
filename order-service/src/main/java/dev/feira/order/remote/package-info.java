/** What every call to another party is put behind: time limit, circuit breaker, bulkhead, and retry where safe. */
@NullMarked
package dev.feira.order.remote;

import org.jspecify.annotations.NullMarked;
