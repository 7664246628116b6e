/** Which instances a service has in a cluster. */
@NullMarked
package dev.feira.gateway.discovery;

import org.jspecify.annotations.NullMarked;
