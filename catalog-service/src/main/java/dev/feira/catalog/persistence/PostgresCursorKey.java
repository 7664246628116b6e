package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.CursorKey;
import dev.feira.defaults.database.AfterMigration;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Generates the key once after the first migration; all replicas read the same one. */
@Repository
class PostgresCursorKey implements CursorKey, AfterMigration {

    private final JdbcClient jdbc;
    private volatile byte @Nullable [] cached;

    PostgresCursorKey(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void run() {
        var generated = new byte[32];
        new SecureRandom().nextBytes(generated);
        jdbc.sql("insert into cursor_key (secret) values (:secret) on conflict do nothing")
                .param("secret", generated)
                .update();
    }

    @Override
    public byte[] secret() {
        var secret = cached;
        if (secret == null) {
            secret = jdbc.sql("select secret from cursor_key")
                    .query((row, number) -> row.getBytes("secret"))
                    .single();
            cached = secret;
        }
        return secret;
    }
}
