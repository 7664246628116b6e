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

/** Expires overdue reservations at an interval; all replicas share the work. */
@Component
class ReservationExpiry {

    private static final Logger log = LoggerFactory.getLogger(ReservationExpiry.class);

    private final ReservationService reservations;
    private final DatabaseMigration migration;
    private final int batch;
    /** Reservations that cannot expire; skipped until the next start. */
    private final Set<UUID> skipped = ConcurrentHashMap.newKeySet();

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
            int expired;
            do {
                expired = expireBatch();
                if (expired > 0) {
                    log.info("{} reservations expired; their stock is available again", expired);
                }
            } while (expired == batch);
        } catch (DataAccessException | TransactionException e) {
            log.warn("Overdue reservations could not expire; the next run tries again: {}", e.getMessage());
        }
    }

    private int expireBatch() {
        try {
            return reservations.expireOverdue(batch, skipped);
        } catch (IllegalStateException e) {
            return expireEach();
        }
    }

    /** Expires each reservation alone, so that an inconsistent one does not block the others. */
    private int expireEach() {
        var expired = 0;
        for (var orderId : reservations.overdue(batch, skipped)) {
            try {
                reservations.expire(orderId);
                expired++;
            } catch (IllegalStateException e) {
                skipped.add(orderId);
                log.error("The reservation of order {} cannot expire and stays unchanged", orderId, e);
            }
        }
        return expired;
    }
}
