/** Events of this service: stored in the transaction of the change, and served as a feed in the order of commits. */
@NullMarked
package dev.feira.events.outbox;

import org.jspecify.annotations.NullMarked;
