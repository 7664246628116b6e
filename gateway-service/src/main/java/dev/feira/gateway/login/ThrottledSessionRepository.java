package dev.feira.gateway.login;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
 * Spring Session's repository, made cheap and harmless. Reading a session writes nothing, but for its last use, now and
 * then. No more requests wait for the database than it can serve soon, and where it fails, a breaker lets the next
 * requests know at once instead of after a timeout each.
 */
class ThrottledSessionRepository implements SessionRepository<ThrottledSessionRepository.TouchedSession> {

    private static final Logger log = LoggerFactory.getLogger(ThrottledSessionRepository.class);

    /** How long a request waits for its turn at the database. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private final Accessible sessions;
    private final LoginProperties settings;
    private final Clock clock;
    private final CircuitBreaker breaker;
    private final Semaphore turns;

    ThrottledSessionRepository(
            JdbcIndexedSessionRepository sessions,
            LoginProperties settings,
            Clock clock,
            CircuitBreaker breaker,
            int turns) {
        this.sessions = new Accessible(sessions);
        this.settings = settings;
        this.clock = clock;
        this.breaker = breaker;
        this.turns = new Semaphore(turns);
    }

    @Override
    public TouchedSession createSession() {
        var session = sessions.create();
        // whoever only begins to sign in leaves nothing behind for long; the login makes it longer
        session.setMaxInactiveInterval(settings.pending());
        return new TouchedSession(session, true, false);
    }

    @Override
    public @Nullable TouchedSession findById(String id) {
        if (id.length() != 36) { // a UUID's: anything else is not ours and not worth a query
            return null;
        }
        try {
            var found = guarded(() -> sessions.find(id));
            return found == null ? null : new TouchedSession(found, false, false);
        } catch (DataAccessException | TransactionException e) {
            // Not «no session», which would end a login: there is one, and whoever asks what it holds learns of the
            // loss
            return new TouchedSession(new MapSession(id), false, true);
        }
    }

    @Override
    public void save(TouchedSession session) {
        if (session.isLost) {
            return;
        }
        if (session.hasChanges) {
            try {
                guarded(() -> {
                    sessions.save(session.delegate);
                    return true;
                });
            } catch (DataAccessException | TransactionException e) {
                session.isLost = true; // the request fails once; writing the answer saves again
                throw e;
            }
            session.hasChanges = false;
            session.wasTouched = false;
        } else if (session.wasTouched) {
            try {
                guarded(() -> {
                    sessions.save(session.delegate);
                    return true;
                });
            } catch (DataAccessException | TransactionException e) {
                log.debug("The last use of a session was not written down", e);
            }
            session.wasTouched = false;
        }
    }

    @Override
    public void deleteById(String id) {
        guarded(() -> {
            sessions.delete(id);
            return true;
        });
    }

    private <T extends @Nullable Object> T guarded(Supplier<T> work) {
        try {
            if (!turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DataAccessResourceFailureException("too many requests wait for the session database");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("interrupted");
        }
        try {
            return breaker.executeSupplier(work);
        } catch (CallNotPermittedException e) {
            throw new DataAccessResourceFailureException("the session database failed a moment ago");
        } finally {
            turns.release();
        }
    }

    /** Names the session type of the library, which is not public, in one place. */
    private record Accessible(JdbcIndexedSessionRepository repository) {

        Session create() {
            return repository.createSession();
        }

        @Nullable Session find(String id) {
            return repository.findById(id);
        }

        void save(Session session) {
            save(repository, session);
        }

        void delete(String id) {
            repository.deleteById(id);
        }

        @SuppressWarnings("unchecked")
        private static <S extends Session> void save(SessionRepository<S> repository, Session session) {
            repository.save((S) session); // it came from create or find
        }
    }

    /** A session that notes its last use only when the one written down is older than the interval. */
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

        private void mustBeThere() {
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
            mustBeThere();
            delegate.setAttribute(name, value);
            hasChanges = true;
        }

        @Override
        public void removeAttribute(String name) {
            mustBeThere();
            delegate.removeAttribute(name);
            hasChanges = true;
        }

        @Override
        public String changeSessionId() {
            mustBeThere();
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
            mustBeThere();
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
