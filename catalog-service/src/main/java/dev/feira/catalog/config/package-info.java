/** Settings of the catalog and who may do what. */
@NullMarked
package dev.feira.catalog.config;

import org.jspecify.annotations.NullMarked;
