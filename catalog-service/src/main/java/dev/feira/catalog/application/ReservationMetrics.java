package dev.feira.catalog.application;

import dev.feira.catalog.domain.ReservationStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Counts committed outcomes of reservations: {@code feira.reservations} by {@code outcome}. */
@Component
class ReservationMetrics {

    private final Map<ReservationStatus, Counter> reached = new EnumMap<>(ReservationStatus.class);
    private final Counter outOfStock;

    ReservationMetrics(MeterRegistry registry) {
        for (var status : ReservationStatus.values()) {
            reached.put(status, counter(registry, status.name().toLowerCase(Locale.ROOT)));
        }
        outOfStock = counter(registry, "out_of_stock");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("feira.reservations")
                .description("Reservations with this outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    void reached(ReservationStatus status, int reservations) {
        var counter = Objects.requireNonNull(reached.get(status));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                counter.increment(reservations);
            }
        });
    }

    void outOfStock() {
        outOfStock.increment();
    }
}
