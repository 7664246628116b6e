/** Validates and strips texts that people write. */
@NullMarked
package dev.feira.defaults.text;

import org.jspecify.annotations.NullMarked;
