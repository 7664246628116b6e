package dev.feira.order.saga;

import dev.feira.defaults.tracing.TraceContinuation;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.PaymentStatus;
import dev.feira.order.saga.SagaStep.Participant;
import dev.feira.order.saga.StepAttempt.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores the steps. {@code due_at} is when a step may be claimed, and while it runs the end of its lease. {@code attempts}
 * is the fence: only the latest attempt can finish or postpone its step. All times are the database's, so the clocks of the
 * replicas do not matter.
 */
@Repository
public class SagaSteps {

    /** Stores attempts without a result, of the relation {@code ended}; those after the twentieth in one row. */
    private static final String STORE_ATTEMPTS = """
            insert into saga_attempts as a (order_id, step, attempt, last_attempt, outcome, replica, began_at, ended_at, error)
            select order_id, step, least(attempts, 21), attempts, outcome, claimed_by, claimed_at, ended_at, error from ended
                on conflict (order_id, step, attempt) do update
               set last_attempt = excluded.last_attempt, outcome = excluded.outcome, replica = excluded.replica,
                   ended_at = excluded.ended_at, error = excluded.error
             where a.last_attempt < excluded.last_attempt""";

    private static final RowMapper<Claim> CLAIM = (row, number) -> new Claim(
            row.getObject("order_id", UUID.class),
            SagaStep.valueOf(row.getString("step")),
            row.getInt("attempts"),
            row.getString("traceparent"),
            null);

    private final JdbcClient jdbc;
    private final TraceContinuation traces;

    SagaSteps(JdbcClient jdbc, TraceContinuation traces) {
        this.jdbc = jdbc;
        this.traces = traces;
    }

    /**
     * Adds a step that is due after the delay, in the caller's transaction and trace; an existing step stays as it is.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(UUID orderId, SagaStep step, Duration delay) {
        jdbc.sql("""
                        insert into saga_steps (order_id, step, traceparent, due_at)
                        values (:order, :step, :traceparent, now() + :delay * interval '1 millisecond')
                        on conflict do nothing""")
                .param("order", orderId)
                .param("step", step.name())
                .param("traceparent", traces.traceparent())
                .param("delay", delay.toMillis())
                .update();
    }

    /**
     * Adds a step that this replica has claimed for its first attempt, in the caller's transaction and trace.
     *
     * @param lease from now, not from the beginning of the transaction
     * @return empty where the step exists already
     */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Claim> appendClaimed(Order order, SagaStep step, Duration lease, String replica) {
        var claim = new Claim(order.id(), step, 1, traces.traceparent(), order);
        var added = jdbc.sql("""
                        insert into saga_steps (order_id, step, traceparent, attempts, claimed_by, claimed_at, due_at)
                        values (:order, :step, :traceparent, 1, :replica, clock_timestamp(),
                                clock_timestamp() + :lease * interval '1 millisecond')
                        on conflict do nothing""")
                .param("order", order.id())
                .param("step", step.name())
                .param("traceparent", claim.traceparent())
                .param("replica", replica)
                .param("lease", lease.toMillis())
                .update();
        return added == 1 ? Optional.of(claim) : Optional.empty();
    }

    /**
     * Abandons the open ones of these steps, in the caller's transaction, which holds the order's row lock. The result of
     * a step that is running now will not be recorded.
     *
     * @return the steps that were attempted at least once, open or not: their effect may exist
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Set<SagaStep> abandon(UUID orderId, Collection<SagaStep> steps) {
        var names = steps.stream().map(SagaStep::name).toList();
        jdbc.sql("""
                        update saga_steps set finished_at = greatest(clock_timestamp(), claimed_at), abandoned = true
                         where order_id = :order and step in (:steps) and finished_at is null""").param("order", orderId).param("steps", names).update();
        var attempted = EnumSet.noneOf(SagaStep.class);
        jdbc.sql("select step from saga_steps where order_id = :order and step in (:steps) and attempts > 0")
                .param("order", orderId)
                .param("steps", names)
                .query(String.class)
                .list()
                .forEach(name -> attempted.add(SagaStep.valueOf(name)));
        return attempted;
    }

    /**
     * Makes the open steps of an order for this participant due now. A running step may have asked too early: if it has no
     * result, it is due again at once.
     */
    public void expedite(UUID orderId, Participant participant) {
        jdbc.sql("""
                        update saga_steps
                           set due_at = case when claimed_by is null then least(due_at, now()) else due_at end,
                               hurried = claimed_by is not null
                         where order_id = :order and step in (:steps) and finished_at is null""")
                .param("order", orderId)
                .param("steps", participant.steps())
                .update();
    }

    /**
     * Claims up to {@code limit} due steps of this participant, oldest first; skips those that another replica claims. An attempt
     * whose lease ended is stored as failed: its process has died, hangs, or could not record the result.
     */
    List<Claim> claimDue(Participant participant, int limit, Duration lease, String replica) {
        return jdbc.sql("""
                        with due as (
                            select order_id, step, attempts, claimed_by, claimed_at, due_at from saga_steps
                             where finished_at is null and due_at <= now() and step in (:steps)
                             order by due_at limit :limit for update skip locked
                        ), ended as (
                            select order_id, step, attempts, 'FAILED' as outcome, claimed_by, claimed_at, due_at as ended_at,
                                   'no result before the end of the lease' as error
                              from due where claimed_by is not null and claimed_at is not null
                        ), expired_attempts as (%s)
                        update saga_steps s
                           set attempts = s.attempts + 1, claimed_by = :replica, claimed_at = now(), hurried = false,
                               due_at = now() + :lease * interval '1 millisecond'
                          from due
                         where s.order_id = due.order_id and s.step = due.step
                        returning s.order_id, s.step, s.attempts, s.traceparent""".formatted(STORE_ATTEMPTS))
                .param("limit", limit)
                .param("replica", replica)
                .param("lease", lease.toMillis())
                .param("steps", participant.steps())
                .query(CLAIM)
                .list();
    }

    /**
     * Takes the order's row lock and finishes the step, in the caller's transaction. The order is locked before its steps,
     * as everywhere, so that there is no deadlock.
     *
     * @return the order's version under the lock; empty where the step was abandoned or another replica has claimed it
     */
    @Transactional(propagation = Propagation.MANDATORY)
    OptionalInt finish(Claim claim) {
        return jdbc.sql("""
                        with turn as materialized (select pg_advisory_xact_lock(hashtextextended(:key, 0))),
                             locked as (select o.id, o.version from turn cross join orders o where o.id = :order for update of o)
                        update saga_steps s
                           set finished_at = now(), finished_by = s.claimed_by, claimed_by = null, last_error = null
                          from locked
                         where s.order_id = locked.id and s.step = :step and s.attempts = :attempt and s.finished_at is null
                        returning locked.version""")
                .param("key", "order " + claim.orderId()) // as in JdbcOrders.lock
                .param("order", claim.orderId())
                .param("step", claim.step().name())
                .param("attempt", claim.attempt())
                .query(Integer.class)
                .optional()
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /**
     * Delays a step without a result, and stores the attempt; changes nothing where the claim has expired and another replica has the step.
     *
     * @param outcome {@code FAILED} or {@code PENDING}
     * @return whether the step is due at once, because it was expedited while it was running
     */
    boolean postpone(Claim claim, Duration delay, Outcome outcome, String error) {
        return jdbc.sql("""
                        with ended as (
                            select order_id, step, attempts, cast(:outcome as text) as outcome, claimed_by,
                                   coalesce(claimed_at, now()) as claimed_at, clock_timestamp() as ended_at, cast(:error as text) as error
                              from saga_steps
                             where order_id = :order and step = :step and attempts = :attempt and finished_at is null for update
                        ), failed_attempt as (%s)
                        update saga_steps s
                           set due_at = case when hurried then now() else now() + :delay * interval '1 millisecond' end,
                               claimed_by = null, claimed_at = null, hurried = false, last_error = :error
                          from ended
                         where s.order_id = ended.order_id and s.step = ended.step
                        returning s.due_at <= now()""".formatted(STORE_ATTEMPTS))
                .param("outcome", outcome.name())
                .param("delay", delay.toMillis())
                .param("error", error.length() > 500 ? error.substring(0, 500) : error)
                .param("order", claim.orderId())
                .param("step", claim.step().name())
                .param("attempt", claim.attempt())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** Returns the time since the step was added; zero for a step that does not exist. */
    public Duration age(UUID orderId, SagaStep step) {
        return jdbc.sql("""
                        select cast(extract(epoch from now() - created_at) * 1000 as bigint) from saga_steps
                         where order_id = :order and step = :step""")
                .param("order", orderId)
                .param("step", step.name())
                .query(Long.class)
                .optional()
                .map(Duration::ofMillis)
                .orElse(Duration.ZERO);
    }

    /**
     * Adds the next step of each unsettled order that has no open step. Only a bug leads to such an order; this completes
     * it anyway. Locks the orders, so that none is cancelled at the same time, and skips those that another transaction
     * has locked.
     *
     * @return the ids of the orders that got a step
     */
    @Transactional
    public List<UUID> adoptOrphans(Duration olderThan) {
        record Orphan(UUID id, OrderStatus status, @Nullable PaymentStatus paymentStatus) {}
        var orphans = jdbc.sql("""
                        select o.id, o.status, o.payment_status from orders o
                         where o.status in ('PLACED', 'RESERVED', 'PAID')
                           and o.updated_at < now() - :age * interval '1 millisecond'
                           and not exists (select 1 from saga_steps s where s.order_id = o.id and s.finished_at is null)
                         order by o.id for update of o skip locked""")
                .param("age", olderThan.toMillis())
                .query(DataClassRowMapper.newInstance(Orphan.class))
                .list();
        return orphans.stream()
                .filter(orphan -> open(
                        orphan.id(),
                        SagaPlan.next(orphan.status(), orphan.paymentStatus()).orElseThrow()))
                .map(Orphan::id)
                .toList();
    }

    /** Adds the step or opens a finished one again, with its first age and trace; returns false where it is open. */
    private boolean open(UUID orderId, SagaStep step) {
        return jdbc.sql("""
                            insert into saga_steps (order_id, step, traceparent)
                            values (:order, :step, (select traceparent from saga_steps where order_id = :order and traceparent is not null
                                     order by created_at limit 1))
                                on conflict (order_id, step) do update
                               set finished_at = null, abandoned = false, due_at = now(), claimed_by = null, claimed_at = null,
                                   finished_by = null
                             where saga_steps.finished_at is not null""").param("order", orderId).param("step", step.name()).update() == 1;
    }

    /**
     * Counts the open steps.
     *
     * @param overdueAfter age at which an open step is overdue
     * @param pendingPaymentLimit how much longer a step that awaits a payment may be open
     */
    public Backlog backlog(Duration overdueAfter, Duration pendingPaymentLimit) {
        return jdbc.sql("""
                        select count(*) as open,
                               count(*) filter (where created_at < now() - interval '1 millisecond'
                                   * (:age + case step when 'AWAIT_PAYMENT' then :pending else 0 end)) as overdue,
                               count(*) filter (where created_at < now() - interval '1 hour') as stuck
                          from saga_steps where finished_at is null""")
                .param("age", overdueAfter.toMillis())
                .param("pending", pendingPaymentLimit.toMillis())
                .query(Backlog.class)
                .single();
    }

    /**
     * The open steps.
     *
     * @param open steps without a result
     * @param overdue those that are older than they should be
     * @param stuck those that are older than an hour: an operator has to look
     */
    public record Backlog(long open, long overdue, long stuck) {}
}
