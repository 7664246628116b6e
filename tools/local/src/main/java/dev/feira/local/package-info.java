/** The whole platform on one machine: embedded PostgreSQL and the services as processes. */
@NullMarked
package dev.feira.local;

import org.jspecify.annotations.NullMarked;
