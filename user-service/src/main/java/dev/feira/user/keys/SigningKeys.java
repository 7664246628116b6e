package dev.feira.user.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The signing keys in the database; the private half only ever encrypted. */
@Component
class SigningKeys {

    /** Any number that no other advisory lock in this database has. */
    private static final long ROTATION_LOCK = 0x6665697261_4b6579L;

    private final JdbcClient jdbc;
    private final KeyCipher cipher;

    SigningKeys(JdbcClient jdbc, KeyCipher cipher) {
        this.jdbc = jdbc;
        this.cipher = cipher;
    }

    /** Waits until no other replica makes keys; until the end of the transaction. */
    void lock() {
        jdbc.sql("select pg_advisory_xact_lock(:lock)::text")
                .param("lock", ROTATION_LOCK)
                .query(String.class)
                .single();
    }

    /** Returns all keys, the newest first. */
    List<SigningKey> all() {
        return jdbc.sql("""
                        select kid, public_key, private_key, created_at, signs_from, expires_at
                          from signing_keys order by signs_from desc, created_at desc""").query((row, _) -> key(row)).list();
    }

    SigningKey make(Instant now, Instant signsFrom) {
        var pair = generate();
        var kid = pair.getKeyID();
        jdbc.sql("""
                        insert into signing_keys (kid, public_key, private_key, created_at, signs_from)
                        values (:kid, :publicKey::jsonb, :privateKey, :now, :signsFrom)
                        """)
                .param("kid", kid)
                .param("publicKey", pair.toPublicJWK().toJSONString())
                .param("privateKey", cipher.encrypt(pair.toJSONString().getBytes(StandardCharsets.UTF_8), kid))
                .param("now", Timestamp.from(now))
                .param("signsFrom", Timestamp.from(signsFrom))
                .update();
        return new SigningKey(kid, pair.toPublicJWK(), pair, now, signsFrom, null);
    }

    /** Sets the end of every key but {@code newest} that would end later, or never. */
    void endAllBut(String newest, Instant expiresAt) {
        jdbc.sql("update signing_keys set expires_at = :end where kid <> :newest and (expires_at is null or"
                        + " expires_at > :end)")
                .param("end", Timestamp.from(expiresAt))
                .param("newest", newest)
                .update();
    }

    int removeExpired(Instant now) {
        return jdbc.sql("delete from signing_keys where expires_at < :now")
                .param("now", Timestamp.from(now))
                .update();
    }

    private SigningKey key(ResultSet row) throws SQLException {
        var kid = row.getString("kid");
        return new SigningKey(
                kid,
                parse(row.getString("public_key")),
                cipher.decrypt(row.getBytes("private_key"), kid)
                        .map(bytes -> parse(new String(bytes, StandardCharsets.UTF_8)))
                        .orElse(null),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("signs_from").toInstant(),
                instant(row.getTimestamp("expires_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static ECKey generate() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    private static ECKey parse(String json) {
        try {
            return ECKey.parse(json);
        } catch (ParseException e) {
            // without the cause, which may quote the key
            throw new IllegalStateException("a stored signing key is not a JWK");
        }
    }
}
