package dev.feira.order.persistence;

import dev.feira.order.domain.PaymentEvent;
import dev.feira.order.domain.PaymentEvents;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The payment provider's messages in PostgreSQL. */
@Repository
class JdbcPaymentEvents implements PaymentEvents {

    private final JdbcClient jdbc;

    JdbcPaymentEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean add(PaymentEvent event) {
        return jdbc.sql("""
                        insert into payment_events (id, type, charge_id, order_id)
                        values (:id, :type, :charge, :order) on conflict do nothing""")
                        .param("id", event.id())
                        .param("type", event.type())
                        .param("charge", event.chargeId())
                        .param("order", event.orderId())
                        .update()
                == 1;
    }

    @Override
    public int deleteOlderThan(Duration age) {
        return jdbc.sql("delete from payment_events where received_at < now() - :age * interval '1 millisecond'")
                .param("age", age.toMillis())
                .update();
    }
}
