/** Publishes the result of a service's audit as a metric. */
@NullMarked
package dev.feira.defaults.audit;

import org.jspecify.annotations.NullMarked;
