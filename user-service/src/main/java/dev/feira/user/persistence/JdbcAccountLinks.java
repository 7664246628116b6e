package dev.feira.user.persistence;

import dev.feira.user.domain.AccountLink;
import dev.feira.user.domain.AccountLinks;
import dev.feira.user.domain.Expiring;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class JdbcAccountLinks implements AccountLinks, Expiring {

    /** So that a link which is opened late is not an unknown one. */
    private static final Duration RETENTION = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcAccountLinks(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public void add(String token, AccountLink link) {
        jdbc.sql("""
                        insert into account_links (hash, user_id, kind, email, request_id, expires_at)
                        values (:hash, :user, :kind, :email, :request, :expiresAt)""")
                .param("hash", Sha256.hash(token))
                .param("user", link.userId())
                .param("kind", link.kind().name())
                .param("email", link.email())
                .param("request", link.requestId())
                .param("expiresAt", Timestamp.from(link.expiresAt()))
                .update();
    }

    @Override
    public Optional<AccountLink> find(String token) {
        return jdbc.sql("""
                        select user_id, kind, email, request_id, expires_at, used_at from account_links where hash = :hash""")
                .param("hash", Sha256.hash(token))
                .query((row, _) -> {
                    var usedAt = row.getTimestamp("used_at");
                    return new AccountLink(
                            row.getObject("user_id", UUID.class),
                            AccountLink.Kind.valueOf(row.getString("kind")),
                            row.getString("email"),
                            row.getObject("request_id", UUID.class),
                            row.getTimestamp("expires_at").toInstant(),
                            usedAt == null ? null : usedAt.toInstant());
                })
                .optional();
    }

    @Override
    public boolean use(String token, Instant now) {
        return jdbc.sql("""
                                update account_links set used_at = :now
                                 where hash = :hash and used_at is null and expires_at > :now""")
                        .param("hash", Sha256.hash(token))
                        .param("now", Timestamp.from(now))
                        .update()
                == 1;
    }

    @Override
    public void useAll(UUID userId, Set<AccountLink.Kind> kinds, Instant now) {
        jdbc.sql("""
                        update account_links set used_at = :now
                         where user_id = :user and kind in (:kinds) and used_at is null""")
                .param("user", userId)
                .param("kinds", kinds.stream().map(Enum::name).toList())
                .param("now", Timestamp.from(now))
                .update();
    }

    @Override
    public boolean isUsed(UUID requestId, AccountLink.Kind kind) {
        return jdbc.sql("""
                        select exists (select from account_links
                                        where request_id = :request and kind = :kind and used_at is not null)""")
                .param("request", requestId)
                .param("kind", kind.name())
                .query(Boolean.class)
                .single();
    }

    @Override
    public int removeExpired() {
        return jdbc.sql("delete from account_links where expires_at < :then")
                .param("then", Timestamp.from(clock.instant().minus(RETENTION)))
                .update();
    }
}
