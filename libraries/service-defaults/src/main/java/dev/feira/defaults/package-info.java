/** Configures what the services share: a clock, a scheduler and settings. Contains no business terms. */
@NullMarked
package dev.feira.defaults;

import org.jspecify.annotations.NullMarked;
