package dev.feira.catalog.application;

import dev.feira.catalog.config.CatalogProperties;
import dev.feira.defaults.database.DatabaseMigration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Ends reservations whose time is over, again and again; every replica does, and they share the work. */
@Component
class ReservationExpiry {

    private static final Logger log = LoggerFactory.getLogger(ReservationExpiry.class);

    private final ReservationService reservations;
    private final DatabaseMigration migration;
    private final int batch;
    /** Until the next start, at which someone may have mended them. */
    private final Set<UUID> wrong = ConcurrentHashMap.newKeySet();

    ReservationExpiry(ReservationService reservations, DatabaseMigration migration, CatalogProperties settings) {
        this.reservations = reservations;
        this.migration = migration;
        this.batch = settings.reservations().sweepBatch();
    }

    @Scheduled(fixedDelayString = "${feira.catalog.reservations.sweep-interval:5s}")
    void sweep() {
        if (!migration.isDone()) {
            return;
        }
        try {
            int ended;
            do {
                ended = endSome();
                if (ended > 0) {
                    log.info("{} reservations expired; their goods are on the shelf again", ended);
                }
            } while (ended == batch);
        } catch (DataAccessException | TransactionException e) {
            log.warn("Overdue reservations were not ended, this is tried again: {}", e.getMessage());
        }
    }

    private int endSome() {
        try {
            return reservations.expireOverdue(batch, wrong);
        } catch (IllegalStateException e) {
            return endOneByOne();
        }
    }

    /** One that cannot be ended must not hold up the others, nor those that come after it. */
    private int endOneByOne() {
        var ended = 0;
        for (var orderId : reservations.overdue(batch, wrong)) {
            try {
                reservations.expire(orderId);
                ended++;
            } catch (IllegalStateException e) {
                wrong.add(orderId);
                log.error("The reservation of order {} cannot be ended and is left as it is", orderId, e);
            }
        }
        return ended;
    }
}
