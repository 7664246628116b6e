/** The service's HTTP side: the account API, and the pages for signing in and for devices. */
@NullMarked
package dev.feira.user.web;

import org.jspecify.annotations.NullMarked;
