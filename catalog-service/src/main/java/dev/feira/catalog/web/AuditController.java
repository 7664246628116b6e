package dev.feira.catalog.web;

import dev.feira.catalog.application.StockAudit;
import dev.feira.catalog.domain.StockCount;
import dev.feira.defaults.audit.AuditRunner;
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
     * The result of an audit of the stock.
     *
     * @param skus number of products compared
     * @param uncountedSales units whose sale or return is not counted yet
     */
    record AuditResponse(
            boolean balanced, Instant checkedAt, int skus, long uncountedSales, List<Discrepancy> discrepancies) {}

    /** A product whose stock does not balance; {@code available} is the stock, the other sums are from the records. */
    record Discrepancy(String sku, long received, long available, long reserved, long sold) {

        static Discrepancy of(StockCount count) {
            var counted = count.counted();
            return new Discrepancy(
                    counted.sku().value(), counted.received(), counted.available(), counted.reserved(), counted.sold());
        }
    }

    private final StockAudit audit;
    private final AuditRunner runner;

    AuditController(StockAudit audit, AuditRunner runner) {
        this.audit = audit;
        this.runner = runner;
    }

    @GetMapping("/audit")
    @Operation(
            summary = "Compare all stock with its records: received = available + reserved + sold",
            security = @SecurityRequirement(name = "bearer"))
    AuditResponse audit() {
        var report = runner.run(audit::check);
        return new AuditResponse(
                report.isBalanced(),
                report.checkedAt(),
                report.skus(),
                report.uncountedSales(),
                report.discrepancies().stream().map(Discrepancy::of).toList());
    }
}
