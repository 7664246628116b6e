package dev.feira.catalog.domain;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All products, archived ones included. */
public interface Products {

    /** Returns the product, or nothing where there is none with this SKU. */
    Optional<Offer> find(Sku sku);

    /** Returns those that exist, in no particular order. */
    List<Offer> findAll(Collection<Sku> skus);

    /** Returns the status of those that exist. */
    List<SkuStatus> statuses(Collection<Sku> skus);

    /**
     * Finds products.
     *
     * @param after where the page before ended, or null for the first page
     * @param limit entries of the page
     */
    Page<Offer> search(ProductQuery query, @Nullable Position after, int limit);

    /** Returns the product's version and keeps it from changing until the transaction ends. */
    Optional<Long> lock(Sku sku);

    /**
     * Adds a product, with a stock of nothing.
     *
     * @return false where there is one with this SKU already; it is left as it is
     */
    boolean add(Product product);

    /** Replaces the product, which must be {@linkplain #lock locked}; its stock stays. */
    void replace(Product product);

    /** Whether a product may be sold. */
    record SkuStatus(Sku sku, ProductStatus status) {}
}
