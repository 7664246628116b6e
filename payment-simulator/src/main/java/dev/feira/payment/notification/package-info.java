/** Stores webhook events in the transaction of the change and delivers them. */
@NullMarked
package dev.feira.payment.notification;

import org.jspecify.annotations.NullMarked;
