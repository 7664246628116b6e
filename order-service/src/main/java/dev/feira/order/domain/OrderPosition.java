package dev.feira.order.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * A position in a list of orders, newest first.
 *
 * @param placedAt of the last order of a page, in microseconds
 * @param id of the last order of a page
 */
public record OrderPosition(Instant placedAt, UUID id) {}
