package dev.feira.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Reconnects the connection pool sooner; see {@link ReconnectingDataSource}. */
@AutoConfiguration
@ConditionalOnClass({HikariDataSource.class, DelegatingDataSource.class})
class ReconnectingPoolAutoConfiguration {

    /** Static, because a post-processor is created before the beans that it processes. */
    @Bean
    static ReconnectingPool reconnectingPool() {
        return new ReconnectingPool();
    }
}
