package dev.feira.catalog.web;

import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Text;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;

/**
 * A product.
 *
 * @param available quantity that can be bought
 * @param updatedAt time of the last change of the product, not of its stock
 */
record ProductResponse(
        @Schema(example = "TOMATO-VINE") String sku,
        Text name,
        Text description,
        String category,
        Money price,
        @Schema(example = "0.06") String vatRate,
        @Schema(example = "kg") String unit,
        String picture,
        ProductStatus status,
        long available,
        Instant updatedAt) {

    static ProductResponse of(Offer offer, Pictures pictures) {
        var product = offer.product();
        return new ProductResponse(
                product.sku().value(),
                product.name(),
                product.description(),
                product.category(),
                Money.of(product.price()),
                product.vatRate().toPlainString(),
                product.unit().name().toLowerCase(Locale.ROOT),
                pictures.url(product.picture()),
                product.status(),
                offer.available(),
                offer.updatedAt());
    }
}
