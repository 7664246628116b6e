package dev.feira.user.persistence;

import dev.feira.user.keys.KeyCipher;
import dev.feira.user.keys.SigningKey;
import dev.feira.user.keys.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Stores the private half of each key encrypted. */
@Repository
class JdbcSigningKeys implements SigningKeys {

    /** Any number that no other advisory lock in this database has. */
    private static final long ROTATION_LOCK = 0x6665697261_4b6579L;

    private final JdbcClient jdbc;
    private final KeyCipher cipher;

    JdbcSigningKeys(JdbcClient jdbc, KeyCipher cipher) {
        this.jdbc = jdbc;
        this.cipher = cipher;
    }

    @Override
    public void lock() {
        jdbc.sql("select pg_advisory_xact_lock(:lock)::text")
                .param("lock", ROTATION_LOCK)
                .query(String.class)
                .single();
    }

    @Override
    public List<SigningKey> findAll() {
        return jdbc.sql("""
                        select kid, public_key, private_key, rs256_public_key, rs256_private_key,
                               created_at, signs_from, expires_at
                          from signing_keys order by signs_from desc, created_at desc""").query((row, _) -> key(row)).list();
    }

    @Override
    public void add(SigningKey key) {
        jdbc.sql("""
                        insert into signing_keys (kid, public_key, private_key, created_at, signs_from)
                        values (:kid, :publicKey::jsonb, :privateKey, :createdAt, :signsFrom)
                        """)
                .param("kid", key.kid())
                .param("publicKey", key.publicKey().toJSONString())
                .param("privateKey", cipher.encrypt(key.privateJson().getBytes(StandardCharsets.UTF_8), key.kid()))
                .param("createdAt", Timestamp.from(key.createdAt()))
                .param("signsFrom", Timestamp.from(key.signsFrom()))
                .update();
        if (key.rs256() != null) {
            addRs256(key.kid(), key.rs256());
        }
    }

    @Override
    public void addRs256(String kid, SigningKey.Rs256 keys) {
        jdbc.sql("""
                        update signing_keys set rs256_public_key = :publicKey::jsonb, rs256_private_key = :privateKey
                         where kid = :kid and rs256_public_key is null""")
                .param("publicKey", keys.publicKey().toJSONString())
                .param("privateKey", cipher.encrypt(keys.privateJson().getBytes(StandardCharsets.UTF_8), kid))
                .param("kid", kid)
                .update();
    }

    @Override
    public void expireAllExcept(String kid, Instant expiresAt) {
        jdbc.sql("""
                        update signing_keys set expires_at = :expiresAt
                         where kid <> :kid and (expires_at is null or expires_at > :expiresAt)
                        """)
                .param("expiresAt", Timestamp.from(expiresAt))
                .param("kid", kid)
                .update();
    }

    @Override
    public int removeExpired(Instant before) {
        return jdbc.sql("delete from signing_keys where expires_at < :before")
                .param("before", Timestamp.from(before))
                .update();
    }

    private Optional<String> privateKey(byte[] sealed, String kid) {
        return cipher.decrypt(sealed, kid).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private SigningKey.@Nullable Rs256 rs256(ResultSet row, String kid) throws SQLException {
        var publicKey = row.getString("rs256_public_key");
        return publicKey == null
                ? null
                : new SigningKey.Rs256(
                        SigningKey.Rs256.parse(publicKey),
                        privateKey(row.getBytes("rs256_private_key"), kid)
                                .map(SigningKey.Rs256::parse)
                                .orElse(null));
    }

    private SigningKey key(ResultSet row) throws SQLException {
        var kid = row.getString("kid");
        var expiresAt = row.getTimestamp("expires_at");
        return new SigningKey(
                kid,
                SigningKey.parse(row.getString("public_key")),
                privateKey(row.getBytes("private_key"), kid)
                        .map(SigningKey::parse)
                        .orElse(null),
                rs256(row, kid),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("signs_from").toInstant(),
                expiresAt == null ? null : expiresAt.toInstant());
    }
}
