/** How a request reaches an instance of a service, how long it may take, and what happens when it does not. */
@NullMarked
package dev.feira.gateway.routing;

import org.jspecify.annotations.NullMarked;
