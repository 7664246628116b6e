package dev.feira.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Gives each pool a {@link ReconnectingDataSource} and closes it before the pool. */
final class ReconnectingPool implements DestructionAwareBeanPostProcessor {

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool
                && pool.getDataSource() == null
                && pool.getJdbcUrl() != null
                && !pool.isRunning()) { // a pool created from a HikariConfig is started and sealed
            // the pool passes user and password with each call
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
