package dev.feira.order.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * A place in a list of orders, newest first.
 *
 * @param placedAt of the last order shown, to the microsecond
 * @param id of the last order shown
 */
public record OrderPosition(Instant placedAt, UUID id) {}
