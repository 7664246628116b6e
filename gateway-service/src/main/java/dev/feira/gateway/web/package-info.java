/** What the gateway answers itself: session and platform page. */
@NullMarked
package dev.feira.gateway.web;

import org.jspecify.annotations.NullMarked;
