/** The OpenID Connect provider: clients, grants, tokens, and the detection of their reuse. */
@NullMarked
package dev.feira.user.provider;

import org.jspecify.annotations.NullMarked;
