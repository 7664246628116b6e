/** The commands of the {@code feira} script that are written in Java. */
@NullMarked
package dev.feira.local.cli;

import org.jspecify.annotations.NullMarked;
