package dev.feira.gateway.login;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.database.DatabaseMigration;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.springframework.boot.session.autoconfigure.DefaultCookieSerializerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sessions in the gateway's database, so that every replica serves every browser. An attribute is a string of JSON and
 * nothing else: no class is ever deserialized, and old and new versions of the gateway read each other's sessions.
 */
@Configuration(proxyBeanMethods = false)
@EnableSpringHttpSession
class SessionConfiguration {

    private final DatabaseMigration migration;
    private final JdbcIndexedSessionRepository sessions;

    SessionConfiguration(
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            DatabaseMigration migration,
            JsonMapper json) {
        this.migration = migration;
        var ownTransaction = new TransactionTemplate(transactions);
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        var strings = new GenericConversionService();
        strings.addConverter(
                Object.class, byte[].class, attribute -> ((String) attribute).getBytes(StandardCharsets.UTF_8));
        strings.addConverter(byte[].class, Object.class, bytes -> new String(bytes, StandardCharsets.UTF_8));
        this.sessions = new JdbcIndexedSessionRepository(jdbc, ownTransaction);
        sessions.setConversionService(strings);
        // two requests that write one attribute at once: an upsert, not an error
        new PostgreSqlJdbcIndexedSessionRepositoryCustomizer().customize(sessions);
        sessions.setIndexResolver(session -> userOf(session, json));
    }

    /** The principal of a session's row is the user's id, so that {@link UserSessions} finds it. */
    private static Map<String, String> userOf(Session session, JsonMapper json) {
        return session.getAttribute(Logins.PERSON) instanceof String person
                ? Map.of(
                        FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME,
                        json.readValue(person, Login.Person.class).subject())
                : Map.of();
    }

    @Bean
    ThrottledSessionRepository sessionRepository(
            LoginProperties settings, Clock clock, CircuitBreakerRegistry breakers, BulkheadRegistry bulkheads) {
        return new ThrottledSessionRepository(
                sessions, settings, clock, breakers.circuitBreaker("sessions"), bulkheads.bulkhead("sessions"));
    }

    /** TLS may end in front of the gateway, so the request itself does not show what the browser sees. */
    @Bean
    DefaultCookieSerializerCustomizer sessionCookie(FeiraProperties feira) {
        return cookie -> {
            cookie.setCookieName(feira.cookieName(Logins.COOKIE));
            cookie.setUseSecureCookie("https".equals(feira.publicUrl().getScheme()));
        };
    }

    @Scheduled(fixedDelayString = "${feira.gateway.login.cleanup:5m}")
    void removeExpired() {
        if (migration.isDone()) {
            sessions.cleanUpExpiredSessions();
        }
    }
}
