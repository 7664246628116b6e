/** SQL. */
@NullMarked
package dev.feira.notification.persistence;

import org.jspecify.annotations.NullMarked;
