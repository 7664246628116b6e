package dev.feira.user.application;

import dev.feira.defaults.audit.Audit;
import dev.feira.user.config.UserProperties;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Checks each sign-in that can still be renewed: its account exists and is enabled, it has one refresh token, and it is not
 * revoked. Also checks that exactly one signing key is the newest.
 */
@Service
public class SignInAudit implements Audit {

    /** Sign-ins in a report: enough to find the cause. */
    private static final int MAX_REPORTED = 100;

    private static final String RENEWABLE = """
            with renewable as (
                select authorization_id, count(*) as tokens
                  from authorization_tokens
                 where kind = 'REFRESH' and not invalidated and consumed_at is null and expires_at > :now
                 group by authorization_id)
            """;

    /** Faults of a sign-in, or of the signing keys. */
    public enum Fault {
        ACCOUNT_GONE,
        ACCOUNT_DISABLED,
        SEVERAL_REFRESH_TOKENS,
        REVOKED,
        NOT_ONE_NEWEST_KEY
    }

    /**
     * A fault.
     *
     * @param signIn the claim {@code sid} of the sign-in's ID tokens; null for a fault of the keys
     */
    public record Discrepancy(Fault fault, @Nullable String signIn) {}

    /**
     * The result of an audit.
     *
     * @param signIns number of sign-ins that can be renewed
     * @param discrepancies the first 100 faults of sign-ins, and the fault of the keys
     */
    public record Report(Instant checkedAt, int signIns, List<Discrepancy> discrepancies) implements Audit.Report {}

    private final JdbcClient jdbc;
    private final UserProperties settings;
    private final Clock clock;

    SignInAudit(JdbcClient jdbc, UserProperties settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "sign-ins";
    }

    @Override
    public String description() {
        return "Sign-ins that must not exist, 100 at most, and faults of the signing keys";
    }

    @Override
    public Duration interval() {
        return settings.auditInterval();
    }

    @Override
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
        return new Report(now, signIns, List.copyOf(wrong));
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
                .param("limit", MAX_REPORTED)
                .query((row, _) ->
                        new Discrepancy(Fault.valueOf(row.getString("fault")), row.getString("authorization_id")))
                .list();
    }

    private int newestKeys() {
        return jdbc.sql("select count(*) from signing_keys where expires_at is null")
                .query(Integer.class)
                .single();
    }
}
