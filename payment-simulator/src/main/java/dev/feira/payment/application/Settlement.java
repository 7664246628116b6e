package dev.feira.payment.application;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.payment.domain.CardBehaviour;
import dev.feira.payment.domain.ChargeStatus;
import dev.feira.payment.domain.Charges;
import dev.feira.payment.domain.Ledger;
import dev.feira.payment.notification.PaymentEvent;
import dev.feira.payment.notification.Webhooks;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** Settles due charges, each on one replica, and stores the webhook event. */
@Component
class Settlement {

    private static final Logger log = LoggerFactory.getLogger(Settlement.class);

    private final DatabaseMigration migration;
    private final TransactionOperations transaction;
    private final Charges charges;
    private final Ledger ledger;
    private final Webhooks webhooks;
    private final Clock clock;

    Settlement(
            DatabaseMigration migration,
            TransactionOperations transaction,
            Charges charges,
            Ledger ledger,
            Webhooks webhooks,
            Clock clock) {
        this.migration = migration;
        this.transaction = transaction;
        this.charges = charges;
        this.ledger = ledger;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${feira.payments.settlement-interval:250ms}")
    void settleDue() {
        if (!migration.isDone()) {
            return;
        }
        try {
            while (Boolean.TRUE.equals(transaction.execute(status -> settleNext()))) {
                // one transaction per charge, until none is due
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Pending charges were not settled; the next run tries again: {}", e.getMessage());
        }
    }

    private boolean settleNext() {
        var now = clock.instant();
        var due = charges.lockNextDue(now);
        due.ifPresent(pending -> {
            var settled = charges.save(pending.settle());
            if (settled.status() == ChargeStatus.SUCCEEDED) {
                ledger.charged(settled, now);
            }
            var copies = settled.behaviour() == CardBehaviour.APPROVE_AND_TELL_TWICE ? 2 : 1;
            webhooks.append(PaymentEvent.of(settled), copies, now);
        });
        return due.isPresent();
    }
}
