/** Settings, the clock's schedule and the API key. */
@NullMarked
package dev.feira.payment.config;

import org.jspecify.annotations.NullMarked;
