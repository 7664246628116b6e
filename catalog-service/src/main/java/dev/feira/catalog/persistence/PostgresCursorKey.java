package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.CursorKey;
import dev.feira.defaults.database.AfterMigration;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Made once, after the first migration, by the replica that comes first; the others take what is there. */
@Repository
class PostgresCursorKey implements CursorKey, AfterMigration {

    private final JdbcClient jdbc;
    private volatile byte @Nullable [] known;

    PostgresCursorKey(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void run() {
        var fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        jdbc.sql("insert into cursor_key (secret) values (:secret) on conflict do nothing")
                .param("secret", fresh)
                .update();
    }

    @Override
    public byte[] secret() {
        var secret = known;
        if (secret == null) {
            secret = jdbc.sql("select secret from cursor_key")
                    .query((row, number) -> row.getBytes("secret"))
                    .single();
            known = secret;
        }
        return secret;
    }
}
