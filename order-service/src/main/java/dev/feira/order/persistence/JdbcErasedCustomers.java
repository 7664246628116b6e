package dev.feira.order.persistence;

import dev.feira.order.domain.ErasedCustomers;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores erased customers, and anonymises their orders. An empty recipient marks an anonymised order; the columns do not become
 * null, which the version before this one could not read.
 */
@Repository
class JdbcErasedCustomers implements ErasedCustomers {

    private static final String[] ENDED = Arrays.stream(OrderStatus.values())
            .filter(status -> !status.needsAddress())
            .map(OrderStatus::name)
            .toArray(String[]::new);

    /** The next version: a client that has the old ETag must not keep the address. */
    private static final String ANONYMISE = """
            update orders set recipient = '', street = '', postal_code = '', city = '', version = version + 1
             where id in (%s)""";

    /** The key stays, so that a repeated request places no second order; it gets the order as it is then. */
    private static final String FORGET_RESPONSE = """
            update idempotency_keys k
               set status = null, content_type = null, location = null, etag = null, body = null, leased_until = now()
            """;

    private final JdbcClient jdbc;

    JdbcErasedCustomers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(String customerId, Instant at) {
        jdbc.sql("insert into erased_customers (customer_id, erased_at) values (:customer, :at) on conflict do nothing")
                .param("customer", customerId)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
        // after this lock, a change has committed, which the next statement reads, or will see that the customer is
        // erased
        jdbc.sql("select id from orders where customer_id = :customer and recipient <> '' order by id for update")
                .param("customer", customerId)
                .query()
                .listOfRows();
        jdbc.sql(
                        ANONYMISE.formatted(
                                "select id from orders where customer_id = :customer and status = any(:ended) and recipient <> ''"))
                .param("customer", customerId)
                .param("ended", ENDED)
                .update();
        jdbc.sql(FORGET_RESPONSE + """
                         from orders o where k.customer_id = :customer and k.status is not null
                          and o.id = k.order_id and o.recipient = ''""").param("customer", customerId).update();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean anonymise(Order order) {
        // the transition has raised the version
        return jdbc.sql("""
                        with erased as (
                            select customer_id from erased_customers where customer_id = :customer
                        ), forgotten as (
                            %s from erased e where k.customer_id = e.customer_id and k.order_id = :id and k.status is not null
                        )
                        update orders set recipient = '', street = '', postal_code = '', city = ''
                         where id = :id and exists (select from erased)""".formatted(FORGET_RESPONSE))
                        .param("customer", order.customerId())
                        .param("id", order.id())
                        .update()
                == 1;
    }

    @Override
    @Transactional
    public int anonymiseMissed() {
        var missed = jdbc.sql(ANONYMISE.formatted("""
                        select o.id from erased_customers e join orders o on o.customer_id = e.customer_id
                         where not e.complete and o.status = any(:ended) and o.recipient <> '' for update of o skip locked""")).param("ended", ENDED).update();
        jdbc.sql(FORGET_RESPONSE + """
                         from erased_customers e, orders o
                        where not e.complete and k.customer_id = e.customer_id and k.status is not null
                          and o.id = k.order_id and o.recipient = ''""").update();
        // an access token lives for ten minutes
        jdbc.sql("""
                        update erased_customers e set complete = true
                         where not complete and erased_at < now() - interval '1 hour'
                           and not exists (select from orders o where o.customer_id = e.customer_id and o.recipient <> '')""").update();
        return missed;
    }
}
