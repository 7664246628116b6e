/** Runs a service's audit at an interval and publishes its result. */
@NullMarked
package dev.feira.defaults.audit;

import org.jspecify.annotations.NullMarked;
