/** The SQL of the service: implements the repository interfaces of {@code domain}, {@code keys} and {@code provider}. */
@NullMarked
package dev.feira.user.persistence;

import org.jspecify.annotations.NullMarked;
