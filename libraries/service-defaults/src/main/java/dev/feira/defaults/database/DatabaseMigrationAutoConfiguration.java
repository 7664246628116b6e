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

/** Takes the migration out of the start where the service has Flyway; see {@link DatabaseMigration}. */
@AutoConfiguration(after = FlywayAutoConfiguration.class)
@ConditionalOnClass(Flyway.class)
@ConditionalOnBean(Flyway.class)
@EnableConfigurationProperties(FeiraProperties.class)
class DatabaseMigrationAutoConfiguration {

    /** Boot's own migration at start would end the start when the database does not answer. */
    @Bean
    FlywayMigrationStrategy migrateInTheBackground() {
        return flyway -> {};
    }

    @Bean
    DatabaseMigration databaseMigration(
            Flyway flyway, ObjectProvider<AfterMigration> afterwards, FeiraProperties settings) {
        return new DatabaseMigration(
                flyway, withoutTimeLimits(flyway), afterwards.orderedStream().toList(), settings.database());
    }

    /**
     * The same migrations on connections of their own, where a statement may take as long as it needs: an index of a large
     * table, cut off by the pool's time limits, would begin anew for ever. An hour, so that a database which vanished in the
     * middle is noticed at last.
     */
    private static Flyway withoutTimeLimits(Flyway flyway) {
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
