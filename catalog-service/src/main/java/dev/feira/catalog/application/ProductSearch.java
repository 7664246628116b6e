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

/** Looking around. */
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
     * @param cursor of the page before, or null for the first page
     * @param limit entries of the page
     * @throws InvalidCursor the cursor does not belong to this query
     */
    public Listing<Offer> search(ProductQuery query, @Nullable String cursor, int limit) {
        var list = "products " + query;
        return cursors.listing(products.search(query, cursors.read(cursor, list), limit), list);
    }

    /**
     * Returns one product, archived or not.
     *
     * @param sku as given by the client; what cannot be a SKU is not found
     * @throws ProductNotFound there is none
     */
    public Offer product(String sku) {
        return Sku.parse(sku).flatMap(products::find).orElseThrow(() -> new ProductNotFound(sku));
    }

    /** Returns those products that exist, archived or not, in no particular order. */
    public List<Offer> offers(Collection<Sku> skus) {
        return products.findAll(skus);
    }

    /** Returns all categories in the order of the market. */
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
