/** Continues traces in other threads, replicas and services. */
@NullMarked
package dev.feira.defaults.tracing;

import org.jspecify.annotations.NullMarked;
