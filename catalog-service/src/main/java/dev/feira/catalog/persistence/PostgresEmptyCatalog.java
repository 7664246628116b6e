package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.EmptyCatalog;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Uses an advisory lock that all replicas share. */
@Repository
class PostgresEmptyCatalog implements EmptyCatalog {

    /** A number not locked elsewhere in this database: "seed" in ASCII. */
    private static final long LOCK = 0x73656564L;

    private final JdbcClient jdbc;

    PostgresEmptyCatalog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean claim() {
        jdbc.sql("select pg_advisory_xact_lock(:lock)").param("lock", LOCK).query(row -> {});
        return jdbc.sql("select not exists (select from categories) and not exists (select from products) as empty")
                .query((row, number) -> row.getBoolean("empty"))
                .single();
    }
}
