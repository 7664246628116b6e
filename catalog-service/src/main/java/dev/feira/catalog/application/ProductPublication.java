package dev.feira.catalog.application;

import dev.feira.catalog.domain.Categories;
import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.Precondition;
import dev.feira.catalog.domain.Product;
import dev.feira.catalog.domain.ProductChanged;
import dev.feira.catalog.domain.ProductNotFound;
import dev.feira.catalog.domain.Products;
import dev.feira.catalog.domain.UnknownCategory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Adds, changes and archives products. */
@Service
public class ProductPublication {

    /** A published product, and whether it is new. */
    public record Published(Offer offer, boolean created) {}

    private final Products products;
    private final Categories categories;

    ProductPublication(Products products, Categories categories) {
        this.products = products;
        this.categories = categories;
    }

    /**
     * Adds or replaces a product. Its stock stays unchanged; a new product has none.
     *
     * @throws UnknownCategory the category does not exist
     * @throws ProductChanged the precondition does not hold
     */
    @Transactional
    public Published publish(Product product, Precondition precondition) {
        if (!categories.existsById(product.category())) {
            throw new UnknownCategory(product.category());
        }
        var version = products.lock(product.sku());
        if (!precondition.holdsFor(version)) {
            throw new ProductChanged(product.sku());
        }
        var created = version.isEmpty() && products.add(product);
        if (!created) {
            // another request may have added it meanwhile: check the precondition again
            if (version.isEmpty() && !precondition.holdsFor(products.lock(product.sku()))) {
                throw new ProductChanged(product.sku());
            }
            products.replace(product);
        }
        var offer = products.find(product.sku())
                .orElseThrow(() -> new ProductNotFound(product.sku().value()));
        return new Published(offer, created);
    }
}
