/** The commands behind the {@code feira} script: what a person types and reads. */
@NullMarked
package dev.feira.local.cli;

import org.jspecify.annotations.NullMarked;
