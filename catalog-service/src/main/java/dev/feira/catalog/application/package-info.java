/** The use cases of the catalog, and their transactions. */
@NullMarked
package dev.feira.catalog.application;

import org.jspecify.annotations.NullMarked;
