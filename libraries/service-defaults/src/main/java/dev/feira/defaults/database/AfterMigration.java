package dev.feira.defaults.database;

/**
 * Initializes data after each successful migration and before the service is ready: seed data, registered clients, first
 * keys. Must be idempotent and safe with several replicas; is run again if it throws. Several run in the order of {@link
 * org.springframework.core.annotation.Order}.
 */
@FunctionalInterface
public interface AfterMigration {

    /** Initializes the data, in the migration's thread. */
    void run();
}
