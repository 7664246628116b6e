package dev.feira.catalog.application;

import dev.feira.catalog.config.CatalogProperties;
import dev.feira.defaults.DatabaseMigration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Ends reservations whose time is over, again and again; every replica does, and they share the work. */
@Component
class ReservationSweeping {

    private static final Logger log = LoggerFactory.getLogger(ReservationSweeping.class);

    private final Reserving reserving;
    private final DatabaseMigration migration;
    private final int batch;

    ReservationSweeping(Reserving reserving, DatabaseMigration migration, CatalogProperties settings) {
        this.reserving = reserving;
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
                ended = reserving.expireOverdue(batch);
                if (ended > 0) {
                    log.info("{} reservations expired; their goods are on the shelf again", ended);
                }
            } while (ended == batch);
        } catch (DataAccessException | TransactionException e) {
            log.warn("Overdue reservations were not ended, this is tried again: {}", e.getMessage());
        }
    }
}
