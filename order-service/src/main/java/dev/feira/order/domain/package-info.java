/** What an order is and what may happen to it; plain Java. */
@NullMarked
package dev.feira.order.domain;

import org.jspecify.annotations.NullMarked;
