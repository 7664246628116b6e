/** A small typed client of Feira's public API, as a command line or a test uses it. */
@NullMarked
package dev.feira.local.client;

import org.jspecify.annotations.NullMarked;
