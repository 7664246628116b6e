/** The HTTP interface: requests, responses and problems. */
@NullMarked
package dev.feira.order.web;

import org.jspecify.annotations.NullMarked;
