/** The OpenID Connect provider: clients, grants, tokens, and what is kept of them. */
@NullMarked
package dev.feira.user.provider;

import org.jspecify.annotations.NullMarked;
