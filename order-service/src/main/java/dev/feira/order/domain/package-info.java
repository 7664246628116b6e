/** Orders and their transitions, in plain Java. */
@NullMarked
package dev.feira.order.domain;

import org.jspecify.annotations.NullMarked;
