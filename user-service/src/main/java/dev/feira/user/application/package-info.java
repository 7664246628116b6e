/** Use cases of accounts: registration, sign-in, profiles, addresses, audit and housekeeping. */
@NullMarked
package dev.feira.user.application;

import org.jspecify.annotations.NullMarked;
