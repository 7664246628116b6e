/** Who is at the other end of a request, what it may claim about itself, and the request's id. */
@NullMarked
package dev.feira.gateway.client;

import org.jspecify.annotations.NullMarked;
