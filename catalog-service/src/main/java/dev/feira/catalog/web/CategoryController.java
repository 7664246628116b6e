package dev.feira.catalog.web;

import dev.feira.catalog.application.ProductSearch;
import dev.feira.catalog.domain.Text;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "products")
class CategoryController {

    /**
     * A category.
     *
     * @param productCount active products, in stock or not
     */
    record CategoryResponse(String slug, Text name, long productCount, String picture) {}

    private final ProductSearch search;
    private final Pictures pictures;

    CategoryController(ProductSearch search, Pictures pictures) {
        this.search = search;
        this.pictures = pictures;
    }

    @GetMapping("/categories")
    @Operation(summary = "All categories in their display order")
    ResponseEntity<List<CategoryResponse>> categories() {
        var categories = search.categories().stream()
                .map(count -> new CategoryResponse(
                        count.category().slug(),
                        count.category().name(),
                        count.productCount(),
                        pictures.url(count.category().picture())))
                .toList();
        return ResponseEntity.ok().cacheControl(CacheControl.noCache()).body(categories);
    }
}
