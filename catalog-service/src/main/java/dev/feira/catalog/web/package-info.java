/** Implements the HTTP API. */
@NullMarked
package dev.feira.catalog.web;

import org.jspecify.annotations.NullMarked;
