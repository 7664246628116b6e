package dev.feira.catalog.application;

import dev.feira.catalog.domain.Categories;
import dev.feira.catalog.domain.CategoryCount;
import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.ProductNotFound;
import dev.feira.catalog.domain.ProductQuery;
import dev.feira.catalog.domain.Products;
import dev.feira.catalog.domain.Sku;
import dev.feira.defaults.paging.InvalidCursor;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Finds products and categories. */
@Service
public class ProductSearch {

    private final Products products;
    private final Categories categories;
    private final Cursors cursors;

    ProductSearch(Products products, Categories categories, Cursors cursors) {
        this.products = products;
        this.categories = categories;
        this.cursors = cursors;
    }

    /**
     * Finds products.
     *
     * @param cursor from the previous page, or null for the first page
     * @param limit maximum number of entries
     * @throws InvalidCursor the cursor does not belong to this query
     */
    public Listing<Offer> search(ProductQuery query, @Nullable String cursor, int limit) {
        var list = "products " + query;
        return cursors.listing(products.search(query, cursors.read(cursor, list), limit), list);
    }

    /**
     * Returns one product, archived or not.
     *
     * @param sku as sent by the client; a malformed one is not found
     * @throws ProductNotFound there is no product with this SKU
     */
    public Offer product(String sku) {
        return Sku.parse(sku).flatMap(products::find).orElseThrow(() -> new ProductNotFound(sku));
    }

    /** Returns the products that exist, archived or not, in no particular order. */
    public List<Offer> offers(Collection<Sku> skus) {
        return products.findAll(skus);
    }

    /** Returns all categories in their display order. */
    @Transactional(readOnly = true)
    public List<CategoryCount> categories() {
        var sizes = categories.countActiveProducts().stream()
                .collect(Collectors.toMap(Categories.Size::category, Function.identity()));
        return categories.findAllByOrderByPositionAscSlugAsc().stream()
                .map(category -> {
                    var size = sizes.get(category.slug());
                    return new CategoryCount(category, size == null ? 0 : size.products());
                })
                .toList();
    }
}
