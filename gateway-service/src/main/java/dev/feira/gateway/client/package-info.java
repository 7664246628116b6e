/** The address of a client, and the ids of a request. */
@NullMarked
package dev.feira.gateway.client;

import org.jspecify.annotations.NullMarked;
