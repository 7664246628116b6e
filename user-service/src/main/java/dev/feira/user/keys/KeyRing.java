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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The keys as this replica knows them, read anew every few seconds; while the database is away the last ones serve.
 *
 * <p>A rotation never refuses a valid token: a new key is published first and signs only after every service has
 * fetched the key set again (activation delay), and an old key stays published until the last token that it signed has
 * expired (verification overlap).
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
    private volatile List<SigningKey> known = List.of();

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

    /** Makes the first key, once for all replicas, and where the secret was changed, the first key under the new one. */
    @Override
    public void run() {
        transaction.executeWithoutResult(_ -> {
            keys.lock();
            var now = clock.instant();
            if (keys.all().stream().noneMatch(key -> key.privateKey() != null && key.isPublished(now))) {
                var first = keys.make(now, now);
                keys.endAllBut(first.kid(), now.plus(settings.verificationOverlap()));
                log.info("Made the signing key {}", first.kid());
            }
        });
        known = keys.all();
    }

    @Scheduled(fixedDelayString = "${feira.keys.refresh-interval}")
    void refresh() {
        if (!migration.getObject().isDone()) {
            return;
        }
        try {
            var now = clock.instant();
            keys.removeExpired(now.minus(settings.verificationOverlap()));
            known = keys.all();
            var newest = known.stream().filter(key -> key.privateKey() != null).findFirst();
            if (newest.isEmpty()
                    || newest.get()
                            .signsFrom()
                            .plus(settings.rotationInterval())
                            .isBefore(now)) {
                rotate(false, newest.map(SigningKey::kid).orElse(""));
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("The signing keys could not be read again; those of before serve: {}", e.getMessage());
        }
    }

    /**
     * Makes a new key.
     *
     * @param immediately whether it signs at once and all others are published no more, because one is known to
     *     others: every token that is out is then refused, by a service that has read the keys before as soon as it
     *     reads them again, in 5 minutes at the latest, or 4 hours where they do not reach this one
     * @return all published keys, the newest first
     */
    public List<SigningKey> rotate(boolean immediately) {
        return rotate(immediately, null);
    }

    /** @param expected do nothing where the newest key is another: a replica was faster */
    private List<SigningKey> rotate(boolean immediately, @Nullable String expected) {
        transaction.executeWithoutResult(_ -> {
            keys.lock();
            var newest = keys.all().stream()
                    .filter(key -> key.privateKey() != null)
                    .findFirst()
                    .map(SigningKey::kid)
                    .orElse("");
            if (expected != null && !expected.equals(newest)) {
                return;
            }
            var now = clock.instant();
            var signsFrom = immediately ? now : now.plus(settings.activationDelay());
            var made = keys.make(now, signsFrom);
            keys.endAllBut(made.kid(), immediately ? now : signsFrom.plus(settings.verificationOverlap()));
            log.info("Made the signing key {}, which signs from {}", made.kid(), signsFrom);
        });
        known = keys.all();
        return published();
    }

    /** Returns the keys that verify tokens now, the newest first. */
    public List<SigningKey> published() {
        var now = clock.instant();
        return known.stream().filter(key -> key.isPublished(now)).toList();
    }

    /** Returns the key that signs now. */
    public SigningKey signing() {
        return signing(clock.instant());
    }

    private SigningKey signing(Instant now) {
        return known.stream()
                .filter(key -> key.maySign(now))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no signing key yet"));
    }

    /** The public keys, for the key set endpoint and for checking tokens. */
    public JWKSource<SecurityContext> publicKeys() {
        return (selector, _) -> {
            var published = published();
            if (published.isEmpty()) {
                throw new KeySourceException("the signing keys are not read yet");
            }
            return selector.select(new JWKSet(
                    published.stream().<JWK>map(SigningKey::publicKey).toList()));
        };
    }

    /** The one private key that signs now. */
    public JWKSource<SecurityContext> signingKey() {
        return (selector, _) -> selector.select(new JWKSet(signing().privateKey()));
    }
}
