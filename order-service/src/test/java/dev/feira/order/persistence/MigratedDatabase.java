package dev.feira.order.persistence;

import dev.feira.test.PostgresConfiguration;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** A new database with the service's tables. */
record MigratedDatabase(JdbcClient jdbc, TransactionTemplate transaction) {

    static MigratedDatabase fresh() {
        var database = PostgresConfiguration.freshDatabase();
        var source = new DriverManagerDataSource(database.getJdbcUrl(), database.getUsername(), database.getPassword());
        Flyway.configure().dataSource(source).load().migrate();
        return new MigratedDatabase(
                JdbcClient.create(source), new TransactionTemplate(new DataSourceTransactionManager(source)));
    }
}
