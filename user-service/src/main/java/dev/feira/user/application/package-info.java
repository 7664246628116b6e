/** What people and the platform do with accounts: register, sign in, keep addresses, look after security. */
@NullMarked
package dev.feira.user.application;

import org.jspecify.annotations.NullMarked;
