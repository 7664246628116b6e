/** Applies the events of other services, and stores those of this one. */
@NullMarked
package dev.feira.catalog.events;

import org.jspecify.annotations.NullMarked;
