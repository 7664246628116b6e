package dev.feira.order.web;

import dev.feira.order.application.AuditReport;
import dev.feira.order.application.OrderAudit;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.OrderStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

    /**
     * The result of a comparison of orders, payments and stock.
     *
     * @param statuses number of compared orders with each status
     */
    record AuditResponse(
            boolean balanced,
            Instant checkedAt,
            int checked,
            Map<OrderStatus, Integer> statuses,
            int underWay,
            MoneyResponse charged,
            MoneyResponse refunded,
            List<AuditReport.Discrepancy> discrepancies) {

        static AuditResponse of(AuditReport report) {
            return new AuditResponse(
                    report.isBalanced(),
                    report.checkedAt(),
                    report.checked(),
                    report.statuses(),
                    report.underWay(),
                    MoneyResponse.of(Money.euros(report.charged())),
                    MoneyResponse.of(Money.euros(report.refunded())),
                    report.discrepancies());
        }
    }

    @GetMapping("/audit")
    @Operation(
            summary = "Compares every settled order with the provider's ledger and the catalog's reservations",
            description = "For staff. An audit that takes longer than the response goes on in the background.")
    @ApiResponse(responseCode = "200", description = "The result")
    @ApiResponse(responseCode = "202", description = "Still running: send the request again", content = @Content)
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
