/** Events of accounts, stored with the change that they tell about. */
@NullMarked
package dev.feira.user.events;

import org.jspecify.annotations.NullMarked;
