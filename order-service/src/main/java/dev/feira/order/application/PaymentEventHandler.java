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
 * Handles the payment provider's messages. A message makes the open payment step of its order due now; the step reads the
 * charge from the provider. So a duplicate, early or missing message does no harm.
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

    /** Handles a message whose signature is valid; ignores duplicates. */
    public void handle(PaymentEvent event) {
        var isNew = Boolean.TRUE.equals(transaction.execute(status -> {
            if (!events.add(event)) {
                return false;
            }
            steps.expedite(event.orderId(), Participant.PAYMENTS);
            return true;
        }));
        log.atInfo()
                .addKeyValue("orderId", event.orderId())
                .log("Received {} of order {}{}", event.type(), event.orderId(), isNew ? "" : " again");
        if (isNew) {
            saga.wake(Participant.PAYMENTS);
        }
    }
}
