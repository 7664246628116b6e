/** Settings, security and the scheduler. */
@NullMarked
package dev.feira.order.config;

import org.jspecify.annotations.NullMarked;
