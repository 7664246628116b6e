/** Converts every error to problem details (RFC 9457). */
@NullMarked
package dev.feira.defaults.problem;

import org.jspecify.annotations.NullMarked;
