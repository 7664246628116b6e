/** The order of the checks that every request passes, and the headers that every response carries. */
@NullMarked
package dev.feira.gateway.security;

import org.jspecify.annotations.NullMarked;
