/** Requests a service's health, and checks its connections, from within its container. */
@NullMarked
package dev.feira.defaults.health;

import org.jspecify.annotations.NullMarked;
