package dev.feira.defaults.audit;

import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/** Runs the audit of a service that supplies an {@link Audit}. */
@AutoConfiguration
@ConditionalOnBean(Audit.class)
class AuditAutoConfiguration {

    @Bean
    AuditRunner auditRunner(Audit audit, DatabaseMigration migration, MeterRegistry registry) {
        return new AuditRunner(audit, migration, registry);
    }
}
