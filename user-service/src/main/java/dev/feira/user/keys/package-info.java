/** The keys that sign tokens: kept encrypted in the database, rotated so that no valid token is refused. */
@NullMarked
package dev.feira.user.keys;

import org.jspecify.annotations.NullMarked;
