/** The keys that sign tokens: encrypted in the database, and rotated without invalidating a token. */
@NullMarked
package dev.feira.user.keys;

import org.jspecify.annotations.NullMarked;
