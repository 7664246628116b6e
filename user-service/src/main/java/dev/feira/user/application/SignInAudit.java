package dev.feira.user.application;

import dev.feira.defaults.audit.AuditMetric;
import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Proves that nobody stays signed in who must not: each sign-in that can still be renewed belongs to an account that may
 * sign in, has one refresh token, and was not revoked; and of all signing keys one is the newest.
 */
@Service
public class SignInAudit {

    private static final Logger log = LoggerFactory.getLogger(SignInAudit.class);

    /** Sign-ins; more would help nobody to find the cause. */
    private static final int NAMED = 100;

    private static final String RENEWABLE = """
            with renewable as (
                select authorization_id, count(*) as tokens
                  from authorization_tokens
                 where kind = 'REFRESH' and not invalidated and consumed_at is null and expires_at > :now
                 group by authorization_id)
            """;

    /** What can be wrong with a sign-in, or with the keys. */
    public enum Fault {
        ACCOUNT_GONE,
        ACCOUNT_DISABLED,
        SEVERAL_REFRESH_TOKENS,
        REVOKED,
        NOT_ONE_NEWEST_KEY
    }

    /**
     * Something that must not be.
     *
     * @param signIn the sign-in, as its ID tokens name it ({@code sid}); null where the keys are wrong
     */
    public record Discrepancy(Fault fault, @Nullable String signIn) {}

    /**
     * What was found.
     *
     * @param signIns sign-ins that can be renewed, all of them compared
     * @param discrepancies the first 100 sign-ins, and the keys; none where all is well
     */
    public record Report(Instant checkedAt, int signIns, List<Discrepancy> discrepancies) {

        public boolean isBalanced() {
            return discrepancies.isEmpty();
        }
    }

    private final JdbcClient jdbc;
    private final DatabaseMigration migration;
    private final Clock clock;
    private final AuditMetric metric;

    SignInAudit(JdbcClient jdbc, DatabaseMigration migration, Clock clock, MeterRegistry registry) {
        this.jdbc = jdbc;
        this.migration = migration;
        this.clock = clock;
        this.metric = new AuditMetric("sign-ins", "Sign-ins that must not be, 100 at most, and the keys", registry);
    }

    /** Compares all sign-ins that can be renewed now. */
    public Report check() {
        var now = clock.instant();
        var signIns = jdbc.sql(RENEWABLE + "select count(*) from renewable")
                .param("now", Timestamp.from(now))
                .query(Integer.class)
                .single();
        var wrong = new ArrayList<>(wrongSignIns(now));
        if (newestKeys() != 1) {
            wrong.add(new Discrepancy(Fault.NOT_ONE_NEWEST_KEY, null));
        }
        var report = new Report(now, signIns, List.copyOf(wrong));
        metric.found(wrong.size(), now);
        if (!report.isBalanced()) {
            log.error("There are sign-ins that must not be: {}", wrong);
        }
        return report;
    }

    private List<Discrepancy> wrongSignIns(Instant now) {
        return jdbc.sql(RENEWABLE + """
                        , judged as (
                            select r.authorization_id,
                                   case when u.id is null then 'ACCOUNT_GONE'
                                        when u.disabled_at is not null then 'ACCOUNT_DISABLED'
                                        when r.tokens > 1 then 'SEVERAL_REFRESH_TOKENS'
                                        when exists (select 1 from authorization_tokens t
                                                      where t.authorization_id = r.authorization_id
                                                        and t.kind = 'REFRESH' and t.invalidated) then 'REVOKED'
                                   end as fault
                              from renewable r
                              join authorizations a on a.id = r.authorization_id
                              left join users u on u.id::text = a.principal_name)
                        select authorization_id, fault from judged where fault is not null
                         order by authorization_id limit :limit
                        """)
                .param("now", Timestamp.from(now))
                .param("limit", NAMED)
                .query((row, _) ->
                        new Discrepancy(Fault.valueOf(row.getString("fault")), row.getString("authorization_id")))
                .list();
    }

    private int newestKeys() {
        return jdbc.sql("select count(*) from signing_keys where expires_at is null")
                .query(Integer.class)
                .single();
    }

    @Scheduled(fixedDelayString = "${feira.users.audit-interval}")
    void checkByTheClock() {
        if (migration.isDone()) {
            metric.attempt(this::check);
        }
    }
}
