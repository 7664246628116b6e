package dev.feira.payment.notification;

import dev.feira.payment.config.PaymentProperties;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Stores the events until the shop has accepted them. */
@Component
public class Webhooks {

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final PaymentProperties.Webhook settings;

    Webhooks(JdbcClient jdbc, JsonMapper json, PaymentProperties settings) {
        this.jdbc = jdbc;
        this.json = json;
        this.settings = settings.webhook();
    }

    /** One copy of an event to deliver. */
    record Delivery(long id, UUID eventId, String body, Instant createdAt, int attempts) {}

    /** Stores copies of an event in the caller's transaction; they are delivered after its commit. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void append(PaymentEvent event, int copies, Instant now) {
        var body = json.writeValueAsString(event);
        for (var copy = 0; copy < copies; copy++) {
            jdbc.sql("""
                            insert into webhook_delivery (event_id, body, created_at, due_at)
                            values (:eventId, :body, :now, :now)""")
                    .param("eventId", event.id())
                    .param("body", body)
                    .param("now", Timestamp.from(now))
                    .update();
        }
    }

    /**
     * Claims due deliveries until the lease ends; after that another replica may claim them.
     */
    @Transactional
    public List<Delivery> claimDue(int limit, Instant now) {
        return jdbc.sql("""
                        update webhook_delivery set attempts = attempts + 1, due_at = :lease
                         where id in (select id from webhook_delivery
                                       where delivered_at is null and given_up_at is null and due_at <= :now
                                       order by due_at limit :limit for update skip locked)
                        returning id, event_id, body, created_at, attempts""")
                .param("now", Timestamp.from(now))
                .param("lease", Timestamp.from(now.plus(settings.lease())))
                .param("limit", limit)
                .query(DataClassRowMapper.newInstance(Delivery.class))
                .list();
    }

    /** Marks a delivery as accepted. */
    @Transactional
    public void delivered(Delivery delivery, Instant now) {
        jdbc.sql("update webhook_delivery set delivered_at = :now, last_error = null where id = :id")
                .param("now", Timestamp.from(now))
                .param("id", delivery.id())
                .update();
    }

    /** Schedules the next attempt with exponential backoff, or gives up if the event is too old. */
    @Transactional
    public void failed(Delivery delivery, String error, Instant now) {
        var tooOld = delivery.createdAt().plus(settings.giveUpAfter()).isBefore(now);
        jdbc.sql("""
                        update webhook_delivery
                           set due_at = :due, last_error = :error,
                               given_up_at = case when :tooOld then :now::timestamptz end
                         where id = :id""")
                .param("due", Timestamp.from(now.plus(backoff(delivery.attempts()))))
                .param("error", error)
                .param("tooOld", tooOld)
                .param("now", Timestamp.from(now))
                .param("id", delivery.id())
                .update();
    }

    private Duration backoff(int attempts) {
        var doublings = Math.min(attempts - 1, 20);
        var pause = settings.firstRetry().multipliedBy(1L << doublings);
        return pause.compareTo(settings.longestRetry()) < 0 ? pause : settings.longestRetry();
    }
}
