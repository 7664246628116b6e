package dev.feira.catalog.web;

import dev.feira.catalog.application.StockAudit;
import dev.feira.catalog.domain.StockCount;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "stock")
class AuditController {

    /**
     * What a count of all the stock found.
     *
     * @param skus products counted
     */
    record AuditResponse(boolean balanced, Instant checkedAt, int skus, List<Discrepancy> discrepancies) {}

    /** A product whose stock is wrong; all but what is available as the ledger and the reservations say. */
    record Discrepancy(String sku, long received, long available, long reserved, long sold) {

        static Discrepancy of(StockCount count) {
            var counted = count.counted();
            return new Discrepancy(
                    counted.sku().value(), counted.received(), counted.available(), counted.reserved(), counted.sold());
        }
    }

    private final StockAudit audit;

    AuditController(StockAudit audit) {
        this.audit = audit;
    }

    @GetMapping("/audit")
    @Operation(
            summary = "Count all the stock: received = available + reserved + sold",
            security = @SecurityRequirement(name = "bearer"))
    AuditResponse audit() {
        var report = audit.check();
        return new AuditResponse(
                report.isBalanced(),
                report.checkedAt(),
                report.skus(),
                report.discrepancies().stream().map(Discrepancy::of).toList());
    }
}
