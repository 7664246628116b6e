/** The provider's HTTP API, and the answers that arrive late, broken or not at all. */
@NullMarked
package dev.feira.payment.web;

import org.jspecify.annotations.NullMarked;
