/** Requests a service's health from within its container. */
@NullMarked
package dev.feira.defaults.health;

import org.jspecify.annotations.NullMarked;
