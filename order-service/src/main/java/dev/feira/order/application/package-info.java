/** The use cases: quotes, placement, cancellation, fulfilment and audits of orders, and the work of the saga's steps. */
@NullMarked
package dev.feira.order.application;

import org.jspecify.annotations.NullMarked;
