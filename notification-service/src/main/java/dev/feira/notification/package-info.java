/** Tells people what happened, by mail. */
@NullMarked
package dev.feira.notification;

import org.jspecify.annotations.NullMarked;
