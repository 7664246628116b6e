package dev.feira.gateway.login;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.session.MapSession;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.TransactionException;

/**
 * Limits what Spring Session does to the database. It writes a session's last use at most once a minute, where Spring
 * Session writes it with each request. A bulkhead and a circuit breaker named {@code sessions} keep requests from
 * waiting for a database that is down. A session that cannot be read fails only the requests that need it.
 */
class ThrottledSessionRepository implements SessionRepository<ThrottledSessionRepository.TouchedSession> {

    private static final Logger log = LoggerFactory.getLogger(ThrottledSessionRepository.class);

    private final SessionRepository<Session> sessions;
    private final LoginProperties settings;
    private final Clock clock;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;

    @SuppressWarnings("unchecked") // the session type of Spring Session JDBC is not public
    ThrottledSessionRepository(
            JdbcIndexedSessionRepository sessions,
            LoginProperties settings,
            Clock clock,
            CircuitBreaker breaker,
            Bulkhead bulkhead) {
        this.sessions = (SessionRepository<Session>) (SessionRepository<?>) sessions;
        this.settings = settings;
        this.clock = clock;
        this.breaker = breaker;
        this.bulkhead = bulkhead;
    }

    @Override
    public TouchedSession createSession() {
        var session = sessions.createSession();
        // a login that is only begun ends soon; a completed one makes it longer
        session.setMaxInactiveInterval(settings.pending());
        return new TouchedSession(session, true, false);
    }

    @Override
    public @Nullable TouchedSession findById(String id) {
        if (id.length() != 36) { // no UUID: not worth a query
            return null;
        }
        try {
            var found = guarded(() -> sessions.findById(id));
            return found == null ? null : new TouchedSession(found, false, false);
        } catch (DataAccessException | TransactionException e) {
            // not "no session", which would end a login; reading an attribute of this one throws
            return new TouchedSession(new MapSession(id), false, true);
        }
    }

    @Override
    public void save(TouchedSession session) {
        if (session.isLost || !session.hasChanges && !session.wasTouched) {
            return;
        }
        try {
            guarded(() -> {
                sessions.save(session.delegate);
                return true;
            });
        } catch (DataAccessException | TransactionException e) {
            if (session.hasChanges) {
                session.isLost = true; // the request fails once, although writing the response saves again
                throw e;
            }
            log.debug("The last use of a session was not stored", e);
        }
        session.hasChanges = false;
        session.wasTouched = false;
    }

    @Override
    public void deleteById(String id) {
        guarded(() -> {
            sessions.deleteById(id);
            return true;
        });
    }

    private <T extends @Nullable Object> T guarded(Supplier<T> work) {
        try {
            return bulkhead.executeSupplier(() -> breaker.executeSupplier(work));
        } catch (BulkheadFullException | CallNotPermittedException e) {
            throw new DataAccessResourceFailureException("the session database is unavailable", e);
        }
    }

    /** A session that stores its last use only if the stored one is older than the interval. */
    final class TouchedSession implements Session {

        private final Session delegate;
        private boolean hasChanges;
        private boolean wasTouched;
        private boolean isLost;

        private TouchedSession(Session delegate, boolean isNew, boolean isLost) {
            this.delegate = delegate;
            this.hasChanges = isNew;
            this.isLost = isLost;
        }

        private void requireReadable() {
            if (isLost) {
                throw new DataAccessResourceFailureException("the session could not be read");
            }
        }

        @Override
        public void setLastAccessedTime(Instant time) {
            if (Duration.between(delegate.getLastAccessedTime(), clock.instant())
                            .compareTo(settings.touch())
                    >= 0) {
                delegate.setLastAccessedTime(time);
                wasTouched = true;
            }
        }

        @Override
        public void setAttribute(String name, Object value) {
            requireReadable();
            delegate.setAttribute(name, value);
            hasChanges = true;
        }

        @Override
        public void removeAttribute(String name) {
            requireReadable();
            delegate.removeAttribute(name);
            hasChanges = true;
        }

        @Override
        public String changeSessionId() {
            requireReadable();
            hasChanges = true;
            return delegate.changeSessionId();
        }

        @Override
        public void setMaxInactiveInterval(Duration interval) {
            delegate.setMaxInactiveInterval(interval);
            hasChanges = true;
        }

        @Override
        public String getId() {
            return delegate.getId();
        }

        @Override
        public <T> @Nullable T getAttribute(String name) {
            requireReadable();
            return delegate.getAttribute(name);
        }

        @Override
        public Set<String> getAttributeNames() {
            return delegate.getAttributeNames();
        }

        @Override
        public Instant getCreationTime() {
            return delegate.getCreationTime();
        }

        @Override
        public Instant getLastAccessedTime() {
            return delegate.getLastAccessedTime();
        }

        @Override
        public Duration getMaxInactiveInterval() {
            return delegate.getMaxInactiveInterval();
        }

        @Override
        public boolean isExpired() {
            return delegate.isExpired();
        }
    }
}
