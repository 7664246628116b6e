/** Asks a service for its health from within its container. */
@NullMarked
package dev.feira.defaults.health;

import org.jspecify.annotations.NullMarked;
