/** How the gateway says that something went wrong: a problem for programs, a small page for people. */
@NullMarked
package dev.feira.gateway.problem;

import org.jspecify.annotations.NullMarked;
