package dev.feira.defaults.audit;

import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/** Runs the audit of a service that supplies an {@link Audit}; after the migration, if the service has one. */
@AutoConfiguration
@ConditionalOnBean(Audit.class)
class AuditAutoConfiguration {

    @Bean
    AuditRunner auditRunner(Audit audit, ObjectProvider<DatabaseMigration> migration, MeterRegistry registry) {
        return new AuditRunner(audit, migration.getIfAvailable(), registry);
    }
}
