/** Configures Tomcat: warm-up before a start, connection limit, drain before a stop. */
@NullMarked
package dev.feira.defaults.server;

import org.jspecify.annotations.NullMarked;
