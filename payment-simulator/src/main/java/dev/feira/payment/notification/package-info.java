/** Messages to the shop: stored with the change they tell of, sent until they are taken. */
@NullMarked
package dev.feira.payment.notification;

import org.jspecify.annotations.NullMarked;
