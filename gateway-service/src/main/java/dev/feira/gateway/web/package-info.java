/** What the gateway serves itself: session, platform page, web pages and the API's documentation. */
@NullMarked
package dev.feira.gateway.web;

import org.jspecify.annotations.NullMarked;
