/** What the gateway serves itself, beside the pages: session and platform page. */
@NullMarked
package dev.feira.gateway.web;

import org.jspecify.annotations.NullMarked;
