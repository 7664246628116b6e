/** Checks bearer tokens: signature, issuer, audience, expiry, roles and scopes. */
@NullMarked
package dev.feira.defaults.security;

import org.jspecify.annotations.NullMarked;
