package dev.feira.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Has the pool of a service that has one find a database that comes back; see {@link ReconnectingDataSource}. */
@AutoConfiguration
@ConditionalOnClass({HikariDataSource.class, DelegatingDataSource.class})
class ReconnectingPoolAutoConfiguration {

    /** Static: it has to be there before the pool is. */
    @Bean
    static ReconnectingPool reconnectingPool() {
        return new ReconnectingPool();
    }
}
