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

/** Putting products into the catalog, changing them, taking them off sale. */
@Service
public class ProductPublication {

    /** A product after it was published, and whether it is new. */
    public record Published(Offer offer, boolean created) {}

    private final Products products;
    private final Categories categories;

    ProductPublication(Products products, Categories categories) {
        this.products = products;
        this.categories = categories;
    }

    /**
     * Puts the product into the catalog as it is given; its stock stays as it is, or is nothing where it is new.
     *
     * @throws UnknownCategory there is no such category
     * @throws ProductChanged what is there is not what the precondition asks for
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
            // somebody may have added it in between: then it is there now, and the precondition is asked again
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
