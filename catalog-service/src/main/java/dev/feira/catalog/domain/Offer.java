package dev.feira.catalog.domain;

import java.time.Instant;

/**
 * A product with its available stock.
 *
 * @param product the product
 * @param available quantity that can be bought, never negative
 * @param version number of changes of the product
 * @param stockVersion number of changes of its stock
 * @param createdAt when the product was added
 * @param updatedAt when the product (not its stock) last changed
 */
public record Offer(
        Product product, long available, long version, long stockVersion, Instant createdAt, Instant updatedAt) {}
