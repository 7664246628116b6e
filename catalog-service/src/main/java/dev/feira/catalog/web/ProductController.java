package dev.feira.catalog.web;

import dev.feira.catalog.application.ProductPublication;
import dev.feira.catalog.application.ProductSearch;
import dev.feira.catalog.domain.Language;
import dev.feira.catalog.domain.ProductOrder;
import dev.feira.catalog.domain.ProductQuery;
import dev.feira.catalog.domain.ProductStatus;
import dev.feira.catalog.domain.Sku;
import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.text.PlainText;
import dev.feira.defaults.text.UnicodeSpaces;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/products")
@Tag(name = "products")
class ProductController {

    /** Caches must revalidate each response, because prices and stock change at any time. */
    private static final CacheControl REVALIDATE = CacheControl.noCache();

    private static final String AMOUNT = "[0-9]{1,7}(\\.[0-9]{1,2})?";

    private final ProductSearch search;
    private final ProductPublication publication;
    private final Pictures pictures;
    private final String path;

    ProductController(
            ProductSearch search, ProductPublication publication, Pictures pictures, FeiraProperties settings) {
        this.search = search;
        this.publication = publication;
        this.pictures = pictures;
        this.path = settings.apiPrefix() + "/products/";
    }

    @GetMapping
    @Operation(
            summary = "Find products",
            description = "Searches both languages; tolerates misspellings and missing accents."
                    + " Archived products are for staff only.")
    ResponseEntity<PageResponse<ProductResponse>> search(
            @RequestParam(required = false) @Size(max = 200) @PlainText @Nullable String q,
            @RequestParam(required = false) @Size(max = 40) @PlainText @Nullable String category,
            @RequestParam(required = false)
                    @Pattern(regexp = AMOUNT, message = "must be an amount in EUR, such as 3.20") @Nullable String minPrice,
            @RequestParam(required = false)
                    @Pattern(regexp = AMOUNT, message = "must be an amount in EUR, such as 3.20") @Nullable String maxPrice,
            @RequestParam(required = false) @Nullable Boolean available,
            @RequestParam(required = false) @Nullable Boolean sold,
            @RequestParam(defaultValue = "ACTIVE") ProductStatus status,
            @RequestParam(defaultValue = "relevance")
                    @Pattern(
                            regexp = "relevance|name|price|-price|newest|popular",
                            message = "must be one of relevance, name, price, -price, newest, popular")
                    String sort,
            @RequestParam(defaultValue = "en") @Pattern(regexp = "en|pt", message = "must be one of en, pt") String lang,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Size(max = 2000) @Nullable String cursor,
            @Nullable Authentication user) {
        if (status != ProductStatus.ACTIVE && !isStaff(user)) {
            throw new AccessDeniedException("only staff may list archived products");
        }
        var query = new ProductQuery(
                q == null ? null : UnicodeSpaces.strip(q),
                category,
                amount(minPrice),
                amount(maxPrice),
                available,
                sold,
                status,
                order(sort),
                Language.valueOf(lang.toUpperCase(Locale.ROOT)));
        var page = PageResponse.of(search.search(query, cursor, limit), offer -> ProductResponse.of(offer, pictures));
        return ResponseEntity.ok().cacheControl(REVALIDATE).body(page);
    }

    private static @Nullable BigDecimal amount(@Nullable String amount) {
        return amount == null ? null : new BigDecimal(amount);
    }

    private static ProductOrder order(String sort) {
        return switch (sort) {
            case "name" -> ProductOrder.NAME;
            case "price" -> ProductOrder.PRICE;
            case "-price" -> ProductOrder.PRICE_DESCENDING;
            case "newest" -> ProductOrder.NEWEST;
            case "popular" -> ProductOrder.POPULAR;
            default -> ProductOrder.RELEVANCE;
        };
    }

    private static boolean isStaff(@Nullable Authentication user) {
        return user != null
                && user.getAuthorities().stream()
                        .anyMatch(authority -> "ROLE_STAFF".equals(authority.getAuthority())
                                || "ROLE_ADMIN".equals(authority.getAuthority()));
    }

    @GetMapping("/{sku}")
    @Operation(
            summary = "One product, archived or not",
            description = "Has an ETag; returns 304 for a matching If-None-Match.")
    ResponseEntity<ProductResponse> product(@PathVariable String sku) {
        var offer = search.product(sku);
        return ResponseEntity.ok()
                .cacheControl(REVALIDATE)
                .eTag(ETags.of(offer))
                .body(ProductResponse.of(offer, pictures));
    }

    @PutMapping("/{sku}")
    @Operation(
            summary = "Add or replace a product",
            description =
                    "If-Match rejects a change of another version; If-None-Match: * only adds. Stock stays unchanged.",
            security = @SecurityRequirement(name = "bearer"))
    @ApiResponse(responseCode = "200", description = "Replaced")
    @ApiResponse(responseCode = "201", description = "Added")
    ResponseEntity<ProductResponse> publish(
            @PathVariable
                    @Size(max = Sku.MAX_LENGTH) @Pattern(regexp = Sku.FORM, message = "must be groups of A-Z and 0-9 separated by hyphens") String sku,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable List<String> ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable List<String> ifNoneMatch,
            @Valid @RequestBody PublishProductRequest request) {
        var file = pictures.file(request.picture());
        if (file == null) {
            throw new InvalidField("picture", "must be an existing picture");
        }
        var published = publication.publish(
                request.toProduct(new Sku(sku), file),
                ETags.precondition(
                        ifMatch == null ? List.of() : ifMatch, ifNoneMatch == null ? List.of() : ifNoneMatch));
        var response = published.created() ? ResponseEntity.created(URI.create(path + sku)) : ResponseEntity.ok();
        return response.eTag(ETags.of(published.offer())).body(ProductResponse.of(published.offer(), pictures));
    }
}
