/** Configures the service: settings and authorization. */
@NullMarked
package dev.feira.catalog.config;

import org.jspecify.annotations.NullMarked;
