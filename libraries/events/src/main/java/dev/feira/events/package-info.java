/** Events between services: what happened is stored with the change, and read by other services once. */
@NullMarked
package dev.feira.events;

import org.jspecify.annotations.NullMarked;
