package dev.feira.order.saga;

import dev.feira.order.saga.StepAttempt.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads what was done for an order: the attempts of its steps, and the trace that they belong to. */
@Repository
public class SagaHistory {

    private final JdbcClient jdbc;

    SagaHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns every attempt of every step of an order, and the next one of an open step; oldest first. Of a step that was abandoned before
     * it ran, none. */
    public List<StepAttempt> attempts(UUID orderId) {
        return jdbc.sql("""
                        select step, attempt, last_attempt, replica, began_at, ended_at, outcome, error
                          from saga_attempts where order_id = :order
                        union all
                        select step, number, number, replica, began_at, finished_at, outcome, null
                          from (select step, finished_at,
                                       case when finished_at is null and claimed_by is null then attempts + 1 else attempts end as number,
                                       case when abandoned or finished_at is null then claimed_by else finished_by end as replica,
                                       case when finished_at is null and claimed_by is null then due_at
                                            else coalesce(claimed_at, created_at) end as began_at,
                                       case when abandoned then 'ABANDONED'
                                            when finished_at is not null then 'DONE'
                                            when claimed_by is not null then 'RUNNING'
                                            else 'WAITING' end as outcome
                                  from saga_steps
                                 where order_id = :order and not (abandoned and claimed_by is null)) as latest
                         order by began_at, attempt""").param("order", orderId).query(SagaHistory::attempt).list();
    }

    /** Returns the id of the trace of an order's first step that has one. */
    public Optional<String> traceId(UUID orderId) {
        return jdbc.sql("""
                        select substr(traceparent, 4, 32) from saga_steps
                         where order_id = :order and traceparent is not null order by created_at limit 1""").param("order", orderId).query(String.class).optional();
    }

    private static StepAttempt attempt(ResultSet row, int number) throws SQLException {
        return new StepAttempt(
                SagaStep.valueOf(row.getString("step")),
                row.getInt("attempt"),
                row.getInt("last_attempt"),
                row.getString("replica"),
                Objects.requireNonNull(instant(row, "began_at")),
                instant(row, "ended_at"),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("error"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
