package dev.feira.catalog.web;

import dev.feira.catalog.application.ProductSearch;
import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Text;
import dev.feira.defaults.text.PlainText;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Returns the prices of several products, for order-service. */
@RestController
@Tag(name = "internal")
class PriceController {

    record PricesRequest(@NotEmpty @Size(max = 100) List<@NotNull @Size(max = 100) @PlainText String> skus) {}

    /**
     * The prices of the products that exist.
     *
     * @param prices in the order of the request, each product once
     * @param unknown SKUs of no product, in the order of the request
     */
    record PricesResponse(List<PricedProduct> prices, List<String> unknown) {}

    record PricedProduct(
            String sku,
            Text name,
            String unit,
            String picture,
            Money price,
            String vatRate,
            ProductStatus status,
            long available) {

        static PricedProduct of(Offer offer, Pictures pictures) {
            var product = offer.product();
            return new PricedProduct(
                    product.sku().value(),
                    product.name(),
                    product.unit().name().toLowerCase(Locale.ROOT),
                    pictures.url(product.picture()),
                    Money.of(product.price()),
                    product.vatRate().toPlainString(),
                    product.status(),
                    offer.available());
        }
    }

    private final ProductSearch search;
    private final Pictures pictures;

    PriceController(ProductSearch search, Pictures pictures) {
        this.search = search;
        this.pictures = pictures;
    }

    @PostMapping("/prices")
    @Operation(summary = "Prices of up to 100 products")
    PricesResponse prices(@Valid @RequestBody PricesRequest request) {
        var requested = request.skus().stream().distinct().toList();
        var skus = requested.stream().map(Sku::parse).flatMap(Optional::stream).toList();
        var offers = search.offers(skus).stream()
                .collect(Collectors.toMap(offer -> offer.product().sku().value(), Function.identity()));
        var prices = requested.stream()
                .flatMap(sku -> Optional.ofNullable(offers.get(sku)).stream())
                .map(offer -> PricedProduct.of(offer, pictures))
                .toList();
        var unknown = requested.stream().filter(sku -> !offers.containsKey(sku)).toList();
        return new PricesResponse(prices, unknown);
    }
}
