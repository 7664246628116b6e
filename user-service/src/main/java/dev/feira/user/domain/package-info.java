/** Accounts, addresses, password rules, and the interfaces of the repositories. */
@NullMarked
package dev.feira.user.domain;

import org.jspecify.annotations.NullMarked;
