/** Settings and security. */
@NullMarked
package dev.feira.notification.config;

import org.jspecify.annotations.NullMarked;
