/** Configures Tomcat: warm-up at start, connection limit, connection draining before a stop. */
@NullMarked
package dev.feira.defaults.server;

import org.jspecify.annotations.NullMarked;
