package dev.feira.catalog.domain;

import java.time.Instant;

/**
 * A product as it can be bought now.
 *
 * @param product what it is
 * @param available how many can be bought, never negative
 * @param version counts the changes of the product
 * @param stockVersion counts the changes of its stock
 * @param createdAt when it was first put into the catalog
 * @param updatedAt when the product (not its stock) last changed
 */
public record Offer(
        Product product, long available, long version, long stockVersion, Instant createdAt, Instant updatedAt) {}
