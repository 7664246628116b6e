package dev.feira.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Has each pool get its connections from a {@link ReconnectingDataSource}, which is closed before the pool is. */
final class ReconnectingPool implements DestructionAwareBeanPostProcessor {

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool
                && pool.getDataSource() == null
                && pool.getJdbcUrl() != null
                && !pool.isRunning()) { // one that was made with its settings is started, and sealed
            // User and password come from the pool with each call
            var database = new DriverManagerDataSource(pool.getJdbcUrl(), pool.getDataSourceProperties());
            if (pool.getDriverClassName() != null) {
                database.setDriverClassName(pool.getDriverClassName());
            }
            pool.setDataSource(new ReconnectingDataSource(database));
        }
        return bean;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String name) {
        if (bean instanceof HikariDataSource pool && pool.getDataSource() instanceof ReconnectingDataSource source) {
            source.close();
        }
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof HikariDataSource;
    }
}
