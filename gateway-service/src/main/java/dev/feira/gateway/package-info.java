/** The one door of the platform: routes, browser login, limits, and the web pages. */
@NullMarked
package dev.feira.gateway;

import org.jspecify.annotations.NullMarked;
