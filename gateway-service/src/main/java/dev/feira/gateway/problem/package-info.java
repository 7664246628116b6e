/** Error responses: a problem for programs, a small page for browsers. */
@NullMarked
package dev.feira.gateway.problem;

import org.jspecify.annotations.NullMarked;
