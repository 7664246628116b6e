/** Turns every error into a problem of RFC 9457. */
@NullMarked
package dev.feira.defaults.problem;

import org.jspecify.annotations.NullMarked;
