/** Events of orders, stored with the change that they tell about, and the handlers of other services' events. */
@NullMarked
package dev.feira.order.events;

import org.jspecify.annotations.NullMarked;
