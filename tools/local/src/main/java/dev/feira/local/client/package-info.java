/** A typed client of Feira's public API for the command line and for tests. */
@NullMarked
package dev.feira.local.client;

import org.jspecify.annotations.NullMarked;
