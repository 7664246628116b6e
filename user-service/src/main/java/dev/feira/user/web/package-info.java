/** The HTTP side of the service: the account API, and the pages for sign-in and for devices. */
@NullMarked
package dev.feira.user.web;

import org.jspecify.annotations.NullMarked;
