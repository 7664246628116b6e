/** Finds the instances of other services, in Kubernetes and outside of it, and ejects failing ones. */
@NullMarked
package dev.feira.defaults.discovery;

import org.jspecify.annotations.NullMarked;
