/** Implements the provider's HTTP API, including late, failed and missing responses. */
@NullMarked
package dev.feira.payment.web;

import org.jspecify.annotations.NullMarked;
