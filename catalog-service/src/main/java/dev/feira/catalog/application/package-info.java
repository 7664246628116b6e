/** Implements the use cases and their transactions. */
@NullMarked
package dev.feira.catalog.application;

import org.jspecify.annotations.NullMarked;
