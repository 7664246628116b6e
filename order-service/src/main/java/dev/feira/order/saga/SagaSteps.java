package dev.feira.order.saga;

import dev.feira.order.saga.SagaStep.Participant;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The durable steps. All times are the database's, so that a replica's wrong clock neither delays a step nor takes it
 * from another.
 */
@Repository
public class SagaSteps {

    private static final RowMapper<Claim> CLAIM = (row, number) -> new Claim(
            row.getObject("order_id", UUID.class), SagaStep.valueOf(row.getString("step")), row.getInt("attempts"));

    private final JdbcClient jdbc;

    SagaSteps(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a step that is due at once, in the caller's transaction; a step that is there already stays as it is. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(UUID orderId, SagaStep step) {
        append(orderId, step, Duration.ZERO);
    }

    /** Adds a step that is due after the delay, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(UUID orderId, SagaStep step, Duration delay) {
        jdbc.sql("""
                        insert into saga_steps (order_id, step, due_at)
                        values (:order, :step, now() + :delay * interval '1 millisecond')
                        on conflict do nothing""")
                .param("order", orderId)
                .param("step", step.name())
                .param("delay", delay.toMillis())
                .update();
    }

    /**
     * Gives up these steps of an order, as far as they are open, in the caller's transaction, which holds the order's
     * row lock. The result of one that is being done right now will not be recorded.
     *
     * @return the steps that were begun at least once, open or not: their effect may exist
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Set<SagaStep> abandon(UUID orderId, Collection<SagaStep> steps) {
        var names = steps.stream().map(SagaStep::name).toList();
        jdbc.sql("""
                        update saga_steps set finished_at = now(), abandoned = true
                         where order_id = :order and step in (:steps) and finished_at is null""").param("order", orderId).param("steps", names).update();
        return jdbc
                .sql("select step from saga_steps where order_id = :order and step in (:steps) and attempts > 0")
                .param("order", orderId)
                .param("steps", names)
                .query((row, number) -> SagaStep.valueOf(row.getString("step")))
                .list()
                .stream()
                .collect(Collectors.toSet());
    }

    /**
     * Makes the open steps of an order for this party due now. One that is being done may have asked too early: where it
     * comes to no answer it is due again at once.
     */
    public void expedite(UUID orderId, Participant participant) {
        jdbc.sql("""
                        update saga_steps
                           set due_at = case when claimed_by is null then least(due_at, now()) else due_at end,
                               hurried = claimed_by is not null
                         where order_id = :order and step in (:steps) and finished_at is null""").param("order", orderId).param("steps", stepsOf(participant)).update();
    }

    /** Claims up to {@code limit} due steps of this party, oldest first, passing by those that another replica takes. */
    @Transactional
    List<Claim> claimDue(Participant participant, int limit, Duration lease, String replica) {
        return jdbc.sql("""
                        update saga_steps s
                           set attempts = s.attempts + 1, claimed_by = :replica, hurried = false,
                               due_at = now() + :lease * interval '1 millisecond'
                          from (select order_id, step from saga_steps
                                 where finished_at is null and due_at <= now() and step in (:steps)
                                 order by due_at limit :limit for update skip locked) due
                         where s.order_id = due.order_id and s.step = due.step
                        returning s.order_id, s.step, s.attempts""")
                .param("replica", replica)
                .param("lease", lease.toMillis())
                .param("steps", stepsOf(participant))
                .param("limit", limit)
                .query(CLAIM)
                .list();
    }

    /** Returns who the order's next due step calls, if one is due. */
    Optional<Participant> nextParticipant(UUID orderId) {
        return jdbc.sql("""
                        select step from saga_steps
                         where order_id = :order and finished_at is null and due_at <= now() order by due_at limit 1""")
                .param("order", orderId)
                .query((row, number) -> SagaStep.valueOf(row.getString("step")).participant())
                .optional();
    }

    /** Claims a due step of one order that calls this party, if there is one and nobody else takes it. */
    @Transactional
    Optional<Claim> claimDue(UUID orderId, Participant participant, Duration lease, String replica) {
        return jdbc.sql("""
                        update saga_steps s
                           set attempts = s.attempts + 1, claimed_by = :replica, hurried = false,
                               due_at = now() + :lease * interval '1 millisecond'
                          from (select order_id, step from saga_steps
                                 where order_id = :order and finished_at is null and due_at <= now() and step in (:steps)
                                 order by due_at limit 1 for update skip locked) due
                         where s.order_id = due.order_id and s.step = due.step
                        returning s.order_id, s.step, s.attempts""")
                .param("replica", replica)
                .param("lease", lease.toMillis())
                .param("order", orderId)
                .param("steps", stepsOf(participant))
                .query(CLAIM)
                .optional();
    }

    /**
     * Takes the order's row lock and finishes the step, in the caller's transaction.
     *
     * @return false where the claim is no longer good: the step was given up, or another replica has begun it anew
     */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean finish(Claim claim) {
        // the order first, then its steps: everyone locks in this sequence, so nobody waits in a circle
        jdbc.sql("select 1 from orders where id = :order for update")
                .param("order", claim.orderId())
                .query()
                .singleValue();
        return jdbc.sql("""
                        update saga_steps set finished_at = now(), claimed_by = null, last_error = null
                         where order_id = :order and step = :step and attempts = :attempt and finished_at is null""")
                        .param("order", claim.orderId())
                        .param("step", claim.step().name())
                        .param("attempt", claim.attempt())
                        .update()
                == 1;
    }

    /** Lets a step without an answer rest, unless it was hurried meanwhile; a claim that is no longer good changes nothing. */
    void postpone(Claim claim, Duration delay, String error) {
        jdbc.sql("""
                        update saga_steps
                           set due_at = case when hurried then now() else now() + :delay * interval '1 millisecond' end,
                               claimed_by = null, hurried = false, last_error = :error
                         where order_id = :order and step = :step and attempts = :attempt and finished_at is null""")
                .param("delay", delay.toMillis())
                .param("error", error.length() > 500 ? error.substring(0, 500) : error)
                .param("order", claim.orderId())
                .param("step", claim.step().name())
                .param("attempt", claim.attempt())
                .update();
    }

    /** Returns how long a step of an order has been open or was, from when it was added; zero for one never added. */
    public Duration age(UUID orderId, SagaStep step) {
        return jdbc.sql("""
                        select cast(extract(epoch from now() - created_at) * 1000 as bigint) as age from saga_steps
                         where order_id = :order and step = :step""")
                .param("order", orderId)
                .param("step", step.name())
                .query((row, number) -> Duration.ofMillis(row.getLong("age")))
                .optional()
                .orElse(Duration.ZERO);
    }

    /**
     * Adds the step that the status of an unsettled order asks for wherever no step of the order is open. There is no
     * way for that to happen; if there is a bug, the order still ends.
     *
     * @return the orders concerned
     */
    @Transactional
    public List<UUID> adoptOrphans(Duration olderThan) {
        return jdbc.sql("""
                        insert into saga_steps (order_id, step)
                        select o.id, case o.status when 'PLACED' then 'RESERVE_STOCK'
                                                   when 'RESERVED' then 'CHARGE_PAYMENT'
                                                   else 'CONFIRM_STOCK' end
                          from orders o
                         where o.status in ('PLACED', 'RESERVED', 'PAID')
                           and o.updated_at < now() - :age * interval '1 millisecond'
                           and not exists (select 1 from saga_steps s where s.order_id = o.id and s.finished_at is null)
                            on conflict (order_id, step) do update set finished_at = null, abandoned = false, due_at = now()
                        returning order_id""")
                .param("age", olderThan.toMillis())
                .query((row, number) -> row.getObject("order_id", UUID.class))
                .list();
    }

    /**
     * Returns how many steps are open, how many of them for longer than this, and how many for more than an hour.
     *
     * @param pendingPaymentLimit how long a charge may be pending: that much later its step is overdue
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
                .query((row, number) -> new Backlog(row.getLong("open"), row.getLong("overdue"), row.getLong("stuck")))
                .single();
    }

    /**
     * What the saga has before it.
     *
     * @param open steps without an answer
     * @param overdue those of them that are older than they should be
     * @param stuck those that no outage explains: the other party says no, again and again, and someone has to look
     */
    public record Backlog(long open, long overdue, long stuck) {}

    private static List<String> stepsOf(Participant participant) {
        return Arrays.stream(SagaStep.values())
                .filter(step -> step.participant() == participant)
                .map(SagaStep::name)
                .toList();
    }
}
