/** Settings, security and the HTTP client. */
@NullMarked
package dev.feira.order.config;

import org.jspecify.annotations.NullMarked;
