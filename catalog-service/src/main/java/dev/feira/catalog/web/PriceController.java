package dev.feira.catalog.web;

import dev.feira.catalog.application.ProductSearch;
import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Text;
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

/** For order-service: the prices of many products at once. */
@RestController
@Tag(name = "internal")
class PriceController {

    record PricesRequest(@NotEmpty @Size(max = 100) List<@NotNull @Size(max = 100) @PlainText String> skus) {}

    /**
     * The prices of those products that exist.
     *
     * @param prices in the order asked for, each product once
     * @param unknown what is no product, in the order asked for
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
                    pictures.address(product.picture()),
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
    @Operation(summary = "The prices of up to 100 products")
    PricesResponse prices(@Valid @RequestBody PricesRequest request) {
        var asked = request.skus().stream().distinct().toList();
        var skus = asked.stream().map(Sku::parse).flatMap(Optional::stream).toList();
        var offers = search.offers(skus).stream()
                .collect(Collectors.toMap(offer -> offer.product().sku().value(), Function.identity()));
        var prices = asked.stream()
                .flatMap(sku -> Optional.ofNullable(offers.get(sku)).stream())
                .map(offer -> PricedProduct.of(offer, pictures))
                .toList();
        var unknown = asked.stream().filter(sku -> !offers.containsKey(sku)).toList();
        return new PricesResponse(prices, unknown);
    }
}
