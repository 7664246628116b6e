/** Provides PostgreSQL, tokens and architecture rules for the tests of all services. */
@NullMarked
package dev.feira.test;

import org.jspecify.annotations.NullMarked;
