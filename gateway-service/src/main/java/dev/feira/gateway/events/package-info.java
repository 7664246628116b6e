/** The handlers of other services' events. */
@NullMarked
package dev.feira.gateway.events;

import org.jspecify.annotations.NullMarked;
