/** Migrates the schema in the background and reconnects to a database after an outage. */
@NullMarked
package dev.feira.defaults.database;

import org.jspecify.annotations.NullMarked;
