package dev.feira.user.persistence;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.Expiring;
import dev.feira.user.domain.KnownNetworks;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcKnownNetworks implements KnownNetworks, Expiring {

    private final JdbcClient jdbc;
    private final Duration maxAge;
    private final Clock clock;

    JdbcKnownNetworks(JdbcClient jdbc, UserProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.maxAge = settings.signIn().knownAddressAge();
        this.clock = clock;
    }

    @Override
    public boolean contains(UUID userId, String network) {
        return jdbc.sql("""
                        select exists (select 1 from known_addresses
                                        where user_id = :user and address = :address and last_at > :since)
                        """)
                .param("user", userId)
                .param("address", network)
                .param("since", oldest())
                .query(Boolean.class)
                .single();
    }

    @Override
    public void add(UUID userId, String network) {
        jdbc.sql("""
                        insert into known_addresses (user_id, address, last_at) values (:user, :address, :now)
                        on conflict (user_id, address) do update set last_at = excluded.last_at
                        """)
                .param("user", userId)
                .param("address", network)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    @Override
    public List<String> of(UUID userId) {
        return jdbc.sql("select address from known_addresses where user_id = :user")
                .param("user", userId)
                .query((row, _) -> row.getString(1))
                .list();
    }

    @Override
    public int removeExpired() {
        return jdbc.sql("delete from known_addresses where last_at < :then")
                .param("then", oldest())
                .update();
    }

    private Timestamp oldest() {
        return Timestamp.from(clock.instant().minus(maxAge));
    }
}
