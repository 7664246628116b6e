/** Accounts, addresses and the rules for passwords. */
@NullMarked
package dev.feira.user.domain;

import org.jspecify.annotations.NullMarked;
