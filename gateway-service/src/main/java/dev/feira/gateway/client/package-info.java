/** The ids of a request. */
@NullMarked
package dev.feira.gateway.client;

import org.jspecify.annotations.NullMarked;
