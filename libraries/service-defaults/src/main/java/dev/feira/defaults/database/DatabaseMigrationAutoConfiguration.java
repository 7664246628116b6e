package dev.feira.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.feira.defaults.FeiraProperties;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Replaces the migration at start by {@link DatabaseMigration} in a service with Flyway. */
@AutoConfiguration(after = FlywayAutoConfiguration.class)
@ConditionalOnClass(Flyway.class)
@ConditionalOnBean(Flyway.class)
@EnableConfigurationProperties(FeiraProperties.class)
class DatabaseMigrationAutoConfiguration {

    /** Disables Spring Boot's migration, which fails the start if the database is unavailable. */
    @Bean
    FlywayMigrationStrategy migrateInTheBackground() {
        return flyway -> {};
    }

    @Bean
    DatabaseMigration databaseMigration(
            Flyway flyway, ObjectProvider<AfterMigration> afterwards, FeiraProperties settings) {
        return new DatabaseMigration(
                flyway, withoutTimeouts(flyway), afterwards.orderedStream().toList(), settings.database());
    }

    /**
     * Returns the same migrations on their own connections, without the pool's statement timeout: creating an index of a large
     * table would never finish within it. The socket timeout of an hour detects a lost database.
     */
    private static Flyway withoutTimeouts(Flyway flyway) {
        var configuration = flyway.getConfiguration();
        var pool = DataSourceUnwrapper.unwrap(configuration.getDataSource(), HikariDataSource.class);
        if (pool == null || pool.getJdbcUrl() == null) {
            return flyway;
        }
        var properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        properties.remove("options");
        properties.setProperty("socketTimeout", "3600");
        properties.setProperty("user", pool.getUsername());
        properties.setProperty("password", pool.getPassword());
        return Flyway.configure(configuration.getClassLoader())
                .configuration(configuration)
                .dataSource(new DriverManagerDataSource(pool.getJdbcUrl(), properties))
                .load();
    }

    @Bean
    HealthIndicator databaseMigrationHealthIndicator(DatabaseMigration migration) {
        return () -> {
            if (migration.isDone()) {
                return Health.up().build();
            }
            var failure = migration.lastFailure();
            var health = Health.outOfService().withDetail("reason", "the database is not migrated yet");
            return failure == null
                    ? health.build()
                    : health.withDetail("lastFailure", failure).build();
        };
    }
}
