package dev.feira.catalog.application;

import dev.feira.catalog.config.CatalogProperties;
import dev.feira.catalog.domain.Categories;
import dev.feira.catalog.domain.Category;
import dev.feira.catalog.domain.EmptyCatalog;
import dev.feira.catalog.domain.MovementKind;
import dev.feira.catalog.domain.Price;
import dev.feira.catalog.domain.Product;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Products;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Text;
import dev.feira.catalog.domain.Unit;
import dev.feira.defaults.database.AfterMigration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/** Loads the seed file into an empty catalog; one replica does it once. */
@Component
class SeedLoader implements AfterMigration {

    private static final Logger log = LoggerFactory.getLogger(SeedLoader.class);

    /** The file format; README.md describes it. */
    record Seed(List<SeedCategory> categories, List<SeedProduct> products) {}

    record SeedCategory(String slug, Text name, String picture) {}

    record SeedProduct(
            String sku,
            String category,
            Text name,
            Text description,
            String price,
            String vatRate,
            String unit,
            String picture,
            long stock,
            @Nullable Long reorderLevel) {

        Product toProduct() {
            return new Product(
                    new Sku(sku),
                    name,
                    description,
                    category,
                    Price.of(price),
                    new BigDecimal(vatRate),
                    Unit.valueOf(unit.toUpperCase(Locale.ROOT)),
                    picture,
                    ProductStatus.ACTIVE);
        }
    }

    private final @Nullable Resource file;
    private final EmptyCatalog catalog;
    private final Categories categories;
    private final Products products;
    private final StockService stock;
    private final TransactionOperations transaction;
    private final JsonMapper json;

    SeedLoader(
            CatalogProperties settings,
            EmptyCatalog catalog,
            Categories categories,
            Products products,
            StockService stock,
            TransactionOperations transaction,
            JsonMapper json) {
        this.file = settings.seed();
        this.catalog = catalog;
        this.categories = categories;
        this.products = products;
        this.stock = stock;
        this.transaction = transaction;
        this.json = json;
    }

    @Override
    public void run() {
        if (file == null || !file.exists()) {
            log.info("No seed file: the catalog stays unchanged");
            return;
        }
        var seed = read(file);
        transaction.executeWithoutResult(status -> {
            if (catalog.claim()) {
                load(seed);
            }
        });
    }

    private Seed read(Resource resource) {
        try (var content = resource.getInputStream()) {
            return json.readValue(content, Seed.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the seed file is not readable", e);
        }
    }

    private void load(Seed seed) {
        for (var position = 0; position < seed.categories().size(); position++) {
            var category = seed.categories().get(position);
            categories.add(new Category(category.slug(), category.name(), category.picture(), position));
        }
        for (var product : seed.products()) {
            if (!products.add(product.toProduct())) {
                throw new IllegalArgumentException("the seed file contains product " + product.sku() + " twice");
            }
            if (product.stock() > 0) {
                stock.record(product.sku(), MovementKind.RECEIVED, product.stock(), "Opening stock", "seed", null);
            }
            if (product.reorderLevel() != null) { // after the delivery: an opening stock does not fall to its level
                stock.setReorderLevel(product.sku(), product.reorderLevel());
            }
        }
        log.info(
                "Loaded {} products in {} categories",
                seed.products().size(),
                seed.categories().size());
    }
}
