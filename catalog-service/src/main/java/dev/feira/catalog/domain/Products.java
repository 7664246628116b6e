package dev.feira.catalog.domain;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the products, including archived ones. */
public interface Products {

    /** Returns the product with this SKU, if it exists. */
    Optional<Offer> find(Sku sku);

    /** Returns the products that exist, in no particular order. */
    List<Offer> findAll(Collection<Sku> skus);

    /** Returns the status of the products that exist. */
    List<SkuStatus> statuses(Collection<Sku> skus);

    /**
     * Finds products.
     *
     * @param after the end of the previous page, or null for the first page
     * @param limit maximum number of entries
     */
    Page<Offer> search(ProductQuery query, @Nullable Position after, int limit);

    /** Locks the product until the transaction ends and returns its version. */
    Optional<Long> lock(Sku sku);

    /**
     * Adds a product without stock.
     *
     * @return false if a product with this SKU exists; it stays unchanged
     */
    boolean add(Product product);

    /** Replaces a {@linkplain #lock locked} product; its stock stays unchanged. */
    void replace(Product product);

    /** The status of a product. */
    record SkuStatus(Sku sku, ProductStatus status) {}
}
