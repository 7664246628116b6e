/** The client and the platform for tests through the gateway, in every environment. */
@NullMarked
package dev.feira.acceptance;

import org.jspecify.annotations.NullMarked;
