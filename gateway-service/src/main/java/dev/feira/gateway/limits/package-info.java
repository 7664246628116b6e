/** How many requests one client may make. */
@NullMarked
package dev.feira.gateway.limits;

import org.jspecify.annotations.NullMarked;
