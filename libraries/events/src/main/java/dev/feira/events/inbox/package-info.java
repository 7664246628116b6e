/** Events of other services, from feeds or from Kafka: each is applied once, in one transaction with its id. */
@NullMarked
package dev.feira.events.inbox;

import org.jspecify.annotations.NullMarked;
