/** Applies the events of other services. */
@NullMarked
package dev.feira.notification.events;

import org.jspecify.annotations.NullMarked;
