/** The domain's repositories, in PostgreSQL. */
@NullMarked
package dev.feira.catalog.postgres;

import org.jspecify.annotations.NullMarked;
