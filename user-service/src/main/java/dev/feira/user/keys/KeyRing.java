package dev.feira.user.keys;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import dev.feira.defaults.database.AfterMigration;
import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.user.config.KeyProperties;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Caches the signing keys of all replicas, and rotates them. The cache is refreshed every {@code feira.keys.refresh-interval};
 * while the database is unavailable, the last keys stay in use.
 *
 * <p>A rotation invalidates no token. A new key is published before it signs, long enough for every service to fetch
 * the key set (activation delay). An old key stays published until the last token that it signed has expired
 * (verification overlap).
 */
@Component
@Order(10)
public class KeyRing implements AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(KeyRing.class);

    private final SigningKeys keys;
    private final KeyProperties settings;
    private final TransactionOperations transaction;
    private final ObjectProvider<DatabaseMigration> migration;
    private final Clock clock;
    private volatile List<SigningKey> cached = List.of();

    KeyRing(
            SigningKeys keys,
            KeyProperties settings,
            TransactionOperations transaction,
            ObjectProvider<DatabaseMigration> migration,
            Clock clock) {
        this.keys = keys;
        this.settings = settings;
        this.transaction = transaction;
        this.migration = migration;
        this.clock = clock;
    }

    /** Creates the first key, once for all replicas, and the first key after a change of the encryption secret. */
    @Override
    public void run() {
        var now = clock.instant();
        if (hasUsableKey(now)) {
            lockAndAddRs256();
        } else {
            var first = SigningKey.generate(now, now); // takes long, so before the lock
            transaction.executeWithoutResult(_ -> {
                keys.lock();
                if (!hasUsableKey(now)) {
                    add(first, now.plus(settings.verificationOverlap()));
                }
                addRs256();
            });
        }
        cached = keys.findAll();
    }

    private boolean hasUsableKey(Instant now) {
        return keys.findAll().stream().anyMatch(key -> key.privateKey() != null && key.isPublished(now));
    }

    private void lockAndAddRs256() {
        transaction.executeWithoutResult(_ -> {
            keys.lock();
            addRs256();
        });
    }

    @Scheduled(fixedDelayString = "${feira.keys.refresh-interval}")
    void refresh() {
        if (!migration.getObject().isDone()) {
            return;
        }
        try {
            var now = clock.instant();
            keys.removeExpired(now.minus(settings.verificationOverlap()));
            cached = keys.findAll();
            var newest = newest(cached);
            if (newest.isEmpty()
                    || newest.get()
                            .signsFrom()
                            .plus(settings.rotationInterval())
                            .isBefore(now)) {
                rotate(false, newest.map(SigningKey::kid).orElse(""));
            } else if (cached.stream().anyMatch(KeyRing::lacksRs256)) { // of a replica with an earlier version
                lockAndAddRs256();
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("The signing keys could not be refreshed; the cached ones stay in use: {}", e.getMessage());
        }
    }

    /**
     * Creates a new key.
     *
     * @param immediately for a leaked key: the new key signs at once and no other key is published. Services reject all
     *     earlier tokens when they refresh the key set: within 5 minutes, or 4 hours if user-service is unavailable to them
     * @return the published keys, newest first
     */
    public List<SigningKey> rotate(boolean immediately) {
        return rotate(immediately, null);
    }

    /** @param expected creates no key if another one is the newest: another replica was faster */
    private List<SigningKey> rotate(boolean immediately, @Nullable String expected) {
        var now = clock.instant();
        var signsFrom = immediately ? now : now.plus(settings.activationDelay());
        var next = SigningKey.generate(now, signsFrom); // takes long, so before the lock
        transaction.executeWithoutResult(_ -> {
            keys.lock();
            var newest = newest(keys.findAll()).map(SigningKey::kid).orElse("");
            if (expected == null || expected.equals(newest)) {
                add(next, immediately ? now : signsFrom.plus(settings.verificationOverlap()));
            }
        });
        cached = keys.findAll();
        return published();
    }

    private void addRs256() {
        keys.findAll().stream()
                .filter(KeyRing::lacksRs256)
                .forEach(key -> keys.addRs256(key.kid(), SigningKey.Rs256.generate()));
    }

    private static boolean lacksRs256(SigningKey key) {
        return key.privateKey() != null && key.rs256() == null;
    }

    private void add(SigningKey key, Instant othersExpireAt) {
        keys.add(key);
        keys.expireAllExcept(key.kid(), othersExpireAt);
        log.info("Created signing key {}, which signs from {}", key.kid(), key.signsFrom());
    }

    private static Optional<SigningKey> newest(List<SigningKey> keys) {
        return keys.stream().filter(key -> key.privateKey() != null).findFirst();
    }

    /** Returns the keys that verify tokens now, the newest first. */
    public List<SigningKey> published() {
        var now = clock.instant();
        return cached.stream().filter(key -> key.isPublished(now)).toList();
    }

    /** Returns the key that signs now. */
    public SigningKey signing() {
        var now = clock.instant();
        return cached.stream().filter(key -> key.maySign(now)).findFirst().orElseThrow(KeyRing::notLoaded);
    }

    /** Every request that needs a key then gets 503, like in any other outage of the database. */
    private static DataAccessResourceFailureException notLoaded() {
        return new DataAccessResourceFailureException("the signing keys are not loaded yet");
    }

    /** Returns the public keys, for the key set endpoint and for the verification of tokens. */
    public JWKSource<SecurityContext> publicKeys() {
        return (selector, _) -> {
            var published = published();
            if (published.isEmpty()) {
                var failure = notLoaded();
                throw new KeySourceException(failure.getMessage(), failure);
            }
            return selector.select(
                    new JWKSet(published.stream().flatMap(KeyRing::publicKeys).toList()));
        };
    }

    private static Stream<JWK> publicKeys(SigningKey key) {
        return key.rs256() == null
                ? Stream.of(key.publicKey())
                : Stream.of(key.publicKey(), key.rs256().publicKey());
    }

    /** Returns the private keys that sign now, one for each algorithm. */
    public JWKSource<SecurityContext> signingKeys() {
        return (selector, _) -> {
            var now = clock.instant();
            var rs256 = cached.stream()
                    .filter(key -> key.maySign(now) && key.rs256() != null)
                    .<@Nullable JWK>map(key -> key.rs256().privateKey())
                    .filter(Objects::nonNull)
                    .findFirst();
            return selector.select(new JWKSet(Stream.concat(Stream.of(signing().privateKey()), rs256.stream())
                    .toList()));
        };
    }
}
