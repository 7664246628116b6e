/** What one can ask of the payment company; opens the transactions. */
@NullMarked
package dev.feira.payment.application;

import org.jspecify.annotations.NullMarked;
