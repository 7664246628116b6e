/** The use cases: quoting, placing, cancelling, fulfilling and auditing orders, and the steps of their saga. */
@NullMarked
package dev.feira.order.application;

import org.jspecify.annotations.NullMarked;
