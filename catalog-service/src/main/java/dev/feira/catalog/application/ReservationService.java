package dev.feira.catalog.application;

import dev.feira.catalog.config.CatalogProperties;
import dev.feira.catalog.domain.Account;
import dev.feira.catalog.domain.ArchivedProducts;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.OutOfStock;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Products;
import dev.feira.catalog.domain.Reservation;
import dev.feira.catalog.domain.ReservationClosed;
import dev.feira.catalog.domain.ReservationDiffers;
import dev.feira.catalog.domain.ReservationExpired;
import dev.feira.catalog.domain.ReservationNotConfirmed;
import dev.feira.catalog.domain.ReservationNotFound;
import dev.feira.catalog.domain.ReservationStatus;
import dev.feira.catalog.domain.Reservations;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.Stocks;
import dev.feira.catalog.domain.Transfer;
import dev.feira.catalog.domain.UnknownProducts;
import dev.feira.defaults.paging.InvalidCursor;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reserves, sells and restocks the goods of orders. Every operation is idempotent. Each locks the reservation first and then the
 * stock in the order of the SKUs, which prevents deadlocks.
 */
@Service
public class ReservationService {

    private static final Transfer HOLD = new Transfer(Account.AVAILABLE, Account.RESERVED);

    /** A reservation, and whether it is new. */
    public record Held(Reservation reservation, boolean created) {}

    private final Reservations reservations;
    private final Stocks stocks;
    private final StockChanges changes;
    private final Products products;
    private final Cursors cursors;
    private final ReservationMetrics meters;
    private final CatalogProperties.Reservations settings;

    ReservationService(
            Reservations reservations,
            Stocks stocks,
            StockChanges changes,
            Products products,
            Cursors cursors,
            ReservationMetrics meters,
            CatalogProperties settings) {
        this.reservations = reservations;
        this.stocks = stocks;
        this.changes = changes;
        this.products = products;
        this.cursors = cursors;
        this.meters = meters;
        this.settings = settings.reservations();
    }

    /**
     * Reserves all lines for the order, or none.
     *
     * @throws OutOfStock stock is short
     * @throws UnknownProducts some products do not exist
     * @throws ArchivedProducts some products are archived
     * @throws ReservationClosed the order's reservation has ended
     * @throws ReservationDiffers the order has a reservation for other lines
     */
    @Transactional
    public Held reserve(UUID orderId, Lines lines) {
        var added = reservations.add(orderId, ReservationStatus.HELD, lines, settings.hold());
        if (added.isEmpty()) {
            var reservation = find(orderId);
            reservation.requireSameLines(lines);
            return new Held(reservation, false);
        }
        requireOnSale(lines.skus());
        if (!changes.move(lines, HOLD)) {
            meters.outOfStock();
            throw new OutOfStock(shortages(lines));
        }
        meters.reached(ReservationStatus.HELD, 1);
        return new Held(added.get(), true);
    }

    private void requireOnSale(List<Sku> skus) {
        var statuses = products.statuses(skus);
        if (statuses.size() < skus.size()) {
            var unknown = new HashSet<>(skus);
            statuses.forEach(found -> unknown.remove(found.sku()));
            throw new UnknownProducts(unknown.stream().sorted().toList());
        }
        var archived = statuses.stream()
                .filter(found -> found.status() == ProductStatus.ARCHIVED)
                .map(Products.SkuStatus::sku)
                .sorted()
                .toList();
        if (!archived.isEmpty()) {
            throw new ArchivedProducts(archived);
        }
    }

    /** Reads the stock that the failed transfer has locked, so the figures are the ones that it compared. */
    private List<OutOfStock.Shortage> shortages(Lines lines) {
        var available = stocks.findAll(lines.skus()).stream().collect(Collectors.toMap(Stock::sku, Stock::available));
        return lines.all().stream()
                .map(line ->
                        new OutOfStock.Shortage(line.sku(), line.quantity(), available.getOrDefault(line.sku(), 0L)))
                .filter(shortage -> shortage.available() < shortage.requested())
                .toList();
    }

    /**
     * Sells the goods to the order. After the reservation has expired, takes them from the available stock again.
     *
     * @throws ReservationNotFound the order has no reservation
     * @throws ReservationClosed the order has released its reservation
     * @throws ReservationExpired the reservation has expired and stock is short
     */
    @Transactional
    public Reservation confirm(UUID orderId) {
        return step(orderId, Reservation::confirm);
    }

    /**
     * Restocks the goods of a returned order.
     *
     * @throws ReservationNotFound the order has no reservation
     * @throws ReservationNotConfirmed the goods were not sold
     */
    @Transactional
    public Reservation restock(UUID orderId) {
        return step(orderId, Reservation::restock);
    }

    /**
     * Releases or restocks the goods of the order. Without a reservation, stores a tombstone that rejects a delayed request to
     * reserve.
     */
    @Transactional
    public void release(UUID orderId) {
        var tombstone = reservations.add(orderId, ReservationStatus.RELEASED, Lines.NONE, Duration.ZERO);
        if (tombstone.isEmpty()) {
            step(orderId, Reservation::release);
        }
    }

    private Reservation step(UUID orderId, Function<Reservation, Reservation.Step> rule) {
        var reservation = reservations.lock(orderId).orElseThrow(() -> new ReservationNotFound(orderId));
        var step = rule.apply(reservation);
        if (step.transfer().isPresent()
                && !changes.move(reservation.lines(), step.transfer().get())) {
            if (step.transfer().get().from() == Account.AVAILABLE) {
                throw new ReservationExpired(orderId);
            }
            throw new IllegalStateException("order %s holds more than the stock of its products".formatted(orderId));
        }
        if (step.to() != reservation.status()) {
            reservations.update(List.of(orderId), step.to());
            meters.reached(step.to(), 1);
        }
        return reservation.in(step.to());
    }

    /**
     * Expires overdue reservations; several replicas may run this at once.
     *
     * @param limit maximum number of reservations
     * @param except reservations to skip
     * @return the number of expired reservations
     * @throws IllegalStateException one of them holds more than the stock; none expired
     */
    @Transactional
    public int expireOverdue(int limit, Set<UUID> except) {
        var overdue = reservations.lockOverdue(limit, except);
        if (overdue.isEmpty()) {
            return 0;
        }
        // one transfer for all, which locks the stock in the order of the SKUs
        var step = overdue.getFirst().expire();
        var lines = Lines.of(overdue.stream().map(Reservation::lines));
        if (!changes.move(lines, step.transfer().orElseThrow())) {
            throw new IllegalStateException("overdue reservations hold more than the stock of their products");
        }
        reservations.update(overdue.stream().map(Reservation::orderId).toList(), step.to());
        meters.reached(step.to(), overdue.size());
        return overdue.size();
    }

    /** Returns the overdue reservations, oldest first. */
    @Transactional
    public List<UUID> overdue(int limit, Set<UUID> except) {
        return reservations.lockOverdue(limit, except).stream()
                .map(Reservation::orderId)
                .toList();
    }

    /**
     * Expires one reservation if it is still held.
     *
     * @throws IllegalStateException it holds more than the stock
     */
    @Transactional
    public void expire(UUID orderId) {
        if (reservations
                .lock(orderId)
                .filter(r -> r.status() == ReservationStatus.HELD)
                .isPresent()) {
            step(orderId, Reservation::expire);
        }
    }

    /**
     * Returns the reservation of an order.
     *
     * @throws ReservationNotFound the order has no reservation
     */
    public Reservation find(UUID orderId) {
        return reservations.find(orderId).orElseThrow(() -> new ReservationNotFound(orderId));
    }

    /**
     * Returns reservations, oldest first.
     *
     * @param status the status to select; null for all
     * @throws InvalidCursor the cursor does not belong to this list
     */
    public Listing<Reservation> list(@Nullable ReservationStatus status, @Nullable String cursor, int limit) {
        var query = "reservations " + status;
        return cursors.listing(reservations.page(status, cursors.read(cursor, query), limit), query);
    }
}
