/** The settings of the service. */
@NullMarked
package dev.feira.user.config;

import org.jspecify.annotations.NullMarked;
