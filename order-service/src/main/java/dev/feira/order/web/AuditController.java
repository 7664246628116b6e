package dev.feira.order.web;

import dev.feira.order.application.AuditReport;
import dev.feira.order.application.OrderAudit;
import dev.feira.order.domain.Money;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Audit")
class AuditController {

    private final OrderAudit audit;

    AuditController(OrderAudit audit) {
        this.audit = audit;
    }

    /** Whether orders, money and stock agree. */
    record AuditResponse(
            boolean balanced,
            Instant checkedAt,
            int checked,
            int underWay,
            MoneyResponse charged,
            MoneyResponse refunded,
            List<AuditReport.Discrepancy> discrepancies) {

        static AuditResponse of(AuditReport report) {
            return new AuditResponse(
                    report.balanced(),
                    report.checkedAt(),
                    report.checked(),
                    report.underWay(),
                    MoneyResponse.of(Money.euros(report.charged())),
                    MoneyResponse.of(Money.euros(report.refunded())),
                    report.discrepancies());
        }
    }

    @GetMapping("/audit")
    @Operation(
            summary = "Compares every settled order with the provider's books and the catalog's reservations",
            description = "For staff. The audit goes on in the background where it takes longer than an answer may.")
    @ApiResponse(responseCode = "200", description = "What was found")
    @ApiResponse(responseCode = "202", description = "Under way: ask again", content = @Content)
    ResponseEntity<AuditResponse> audit() {
        try {
            return ResponseEntity.ok(AuditResponse.of(audit.audit()));
        } catch (OrderAudit.UnderWay _) {
            return ResponseEntity.accepted()
                    .header(HttpHeaders.RETRY_AFTER, "1")
                    .build();
        }
    }
}
