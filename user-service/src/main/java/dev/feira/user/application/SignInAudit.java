package dev.feira.user.application;

import dev.feira.defaults.DatabaseMigration;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;

/**
 * Proves that nobody stays signed in who must not: each sign-in that can still be renewed belongs to an account that may
 * sign in, has one refresh token, and was not revoked; and of all signing keys one is the newest.
 */
@Service
public class SignInAudit {

    private static final Logger log = LoggerFactory.getLogger(SignInAudit.class);

    /** More would help nobody to find the cause. */
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
    private final AtomicReference<@Nullable Report> last = new AtomicReference<>();

    SignInAudit(JdbcClient jdbc, DatabaseMigration migration, Clock clock, MeterRegistry registry) {
        this.jdbc = jdbc;
        this.migration = migration;
        this.clock = clock;
        Gauge.builder("feira.audit.discrepancies", last, SignInAudit::discrepancies)
                .description("Sign-ins that must not be, at the last audit, at most 101; NaN where it failed")
                .tag("audit", "sign-ins")
                .register(registry);
        Gauge.builder("feira.audit.checked", last, SignInAudit::checkedAt)
                .description("When the sign-ins were last compared")
                .tag("audit", "sign-ins")
                .baseUnit("seconds")
                .register(registry);
    }

    private static double discrepancies(AtomicReference<@Nullable Report> last) {
        var report = last.get();
        return report == null ? Double.NaN : report.discrepancies().size();
    }

    private static double checkedAt(AtomicReference<@Nullable Report> last) {
        var report = last.get();
        return report == null ? Double.NaN : report.checkedAt().getEpochSecond();
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
        last.set(report);
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
        if (!migration.isDone()) {
            return;
        }
        try {
            check();
        } catch (DataAccessException | TransactionException e) {
            last.set(null); // what was right a while ago says nothing about now
            log.warn("The sign-ins were not compared, this is tried again: {}", e.getMessage());
        }
    }
}
