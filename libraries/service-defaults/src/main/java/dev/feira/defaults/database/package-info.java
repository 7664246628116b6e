/** Migrates the schema without making the start depend on the database, and reconnects to a database that returns. */
@NullMarked
package dev.feira.defaults.database;

import org.jspecify.annotations.NullMarked;
