package dev.feira.defaults.audit;

import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Runs the audit of a service that supplies an {@link Audit}. */
@AutoConfiguration
@ConditionalOnBean(Audit.class)
@EnableScheduling
class AuditAutoConfiguration {

    @Bean
    AuditRunner auditRunner(Audit audit, DatabaseMigration migration, MeterRegistry registry) {
        return new AuditRunner(audit, migration, registry);
    }
}
