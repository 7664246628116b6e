/** The HTTP interface of the catalog. */
@NullMarked
package dev.feira.catalog.web;

import org.jspecify.annotations.NullMarked;
