/** What the tests of every service share: real PostgreSQL, real tokens, and the rules of the architecture. */
@NullMarked
package dev.feira.test;

import org.jspecify.annotations.NullMarked;
