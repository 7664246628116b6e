package dev.feira.defaults.database;

/**
 * Work that belongs to the schema and runs after each successful migration, before the service says it is ready: seed
 * data, registered clients, first keys. It must be idempotent and safe with several replicas; where it throws, it is
 * run again. Several are run in the order of {@link org.springframework.core.annotation.Order}.
 */
@FunctionalInterface
public interface AfterMigration {

    /** Does the work; called in the migration's thread. */
    void run();
}
