package dev.feira.order.application;

import dev.feira.order.domain.PaymentEvent;
import dev.feira.order.domain.PaymentEvents;
import dev.feira.order.saga.SagaRunner;
import dev.feira.order.saga.SagaStep.Participant;
import dev.feira.order.saga.SagaSteps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Takes the payment provider's messages. A message is a reason to ask, not an answer: the open payment step of the
 * order is done now instead of later, and asks the provider itself. So a message that comes twice, too early or out of
 * order does no harm, and one that never comes costs only time.
 */
@Service
public class PaymentEventHandler {

    private static final Logger log = LoggerFactory.getLogger(PaymentEventHandler.class);

    private final PaymentEvents events;
    private final SagaSteps steps;
    private final SagaRunner saga;
    private final TransactionOperations transaction;

    PaymentEventHandler(PaymentEvents events, SagaSteps steps, SagaRunner saga, TransactionOperations transaction) {
        this.events = events;
        this.steps = steps;
        this.saga = saga;
        this.transaction = transaction;
    }

    /**
     * Takes a message whose signature is right.
     *
     * @return false where it was taken before
     */
    public boolean take(PaymentEvent event) {
        var isNew = Boolean.TRUE.equals(transaction.execute(status -> {
            if (!events.add(event)) {
                return false;
            }
            steps.expedite(event.orderId(), Participant.PAYMENTS);
            return true;
        }));
        log.atInfo()
                .addKeyValue("orderId", event.orderId())
                .log("{} of order {}{}", event.type(), event.orderId(), isNew ? "" : " (again)");
        if (isNew) {
            saga.wake(event.orderId());
        }
        return isNew;
    }
}
