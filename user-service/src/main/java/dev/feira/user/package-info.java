/** user-service: accounts, addresses, roles, and the OpenID Connect provider. */
@NullMarked
package dev.feira.user;

import org.jspecify.annotations.NullMarked;
