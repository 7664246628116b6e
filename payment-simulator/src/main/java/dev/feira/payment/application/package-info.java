/** Implements the use cases and their transactions. */
@NullMarked
package dev.feira.payment.application;

import org.jspecify.annotations.NullMarked;
