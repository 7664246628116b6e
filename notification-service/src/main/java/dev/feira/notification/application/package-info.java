/** Use cases: writing mail about an event, sending it, and reading it. */
@NullMarked
package dev.feira.notification.application;

import org.jspecify.annotations.NullMarked;
