package dev.feira.catalog.web;

import dev.feira.catalog.domain.Price;
import dev.feira.catalog.domain.Product;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Sku;
import dev.feira.catalog.domain.Text;
import dev.feira.catalog.domain.Unit;
import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.defaults.text.VisibleText;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * Describes a product completely. The previous value of an absent field is not kept.
 *
 * @param picture the file name, or the address, of a picture that the service has
 */
record PublishProductRequest(
        @NotNull @Valid Name name,
        @NotNull @Valid Description description,

        @NotNull @Size(max = 40) @Pattern(regexp = "[a-z0-9]+(-[a-z0-9]+){0,19}", message = "must be the slug of a category")
        String category,

        @NotNull @Valid RequestedPrice price,

        @NotNull @Pattern(
                regexp = "0(\\.[0-9]{1," + Product.VAT_RATE_DIGITS + "})?",
                message = "must be at least 0 and less than 1, with up to " + Product.VAT_RATE_DIGITS
                        + " digits after the point, such as 0.055")
        @Schema(example = "0.06")
        String vatRate,

        @NotNull @Pattern(regexp = UNITS, message = "must be one of kg, piece, bunch, loaf, jar, bottle, pack, dozen") @Schema(example = "kg")
        String unit,

        @NotNull @Size(max = 120) @Schema(example = "strawberry.webp")
        String picture,

        @NotNull @Pattern(regexp = "ACTIVE|ARCHIVED", message = "must be one of ACTIVE, ARCHIVED") String status) {

    private static final String UNITS = "kg|piece|bunch|loaf|jar|bottle|pack|dozen";

    record Name(
            @NotNull @Size(max = 120) @VisibleText String en,
            @NotNull @Size(max = 120) @VisibleText String pt) {}

    record Description(
            @NotNull @Size(max = 2000) @VisibleText String en,
            @NotNull @Size(max = 2000) @VisibleText String pt) {}

    record RequestedPrice(
            @NotNull @Pattern(
                    regexp = "(?!0+\\.00)[0-9]{1,7}\\.[0-9]{2}",
                    message = "must be more than 0, with two decimals, such as 3.20")
            @Schema(example = "3.20")
            String amount,

            @NotNull @Size(max = 3) @Schema(example = "EUR") String currency) {}

    /**
     * Returns the product.
     *
     * @param file the file name of its picture
     * @throws UnsupportedCurrency the price is not in EUR
     */
    Product toProduct(Sku sku, String file) {
        if (!Price.CURRENCY.equals(price.currency())) {
            throw new UnsupportedCurrency();
        }
        return new Product(
                sku,
                new Text(UnicodeSpaces.strip(name.en()), UnicodeSpaces.strip(name.pt())),
                new Text(UnicodeSpaces.strip(description.en()), UnicodeSpaces.strip(description.pt())),
                category,
                Price.of(price.amount()),
                new BigDecimal(vatRate),
                Unit.valueOf(unit.toUpperCase(Locale.ROOT)),
                file,
                ProductStatus.valueOf(status));
    }
}
