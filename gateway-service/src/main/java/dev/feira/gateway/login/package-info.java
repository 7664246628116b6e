/** The browser's login: sessions, tokens that stay in them, and protection against forged requests. */
@NullMarked
package dev.feira.gateway.login;

import org.jspecify.annotations.NullMarked;
