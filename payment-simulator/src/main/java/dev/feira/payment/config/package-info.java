/** Configures the clock and the settings. */
@NullMarked
package dev.feira.payment.config;

import org.jspecify.annotations.NullMarked;
