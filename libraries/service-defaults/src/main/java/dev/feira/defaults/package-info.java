/** What every service has alike: background migration, problems, token checks, the clock. No business meaning lives here. */
@NullMarked
package dev.feira.defaults;

import org.jspecify.annotations.NullMarked;
