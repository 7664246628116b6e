/** Implements the domain's repositories in PostgreSQL. */
@NullMarked
package dev.feira.catalog.persistence;

import org.jspecify.annotations.NullMarked;
