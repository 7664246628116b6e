package dev.feira.user.web;

import dev.feira.user.application.SignInAudit;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuditController {

    /**
     * What a comparison of all sign-ins found.
     *
     * @param signIns sign-ins that can be renewed
     */
    record AuditResponse(
            boolean balanced, Instant checkedAt, int signIns, List<SignInAudit.Discrepancy> discrepancies) {}

    private final SignInAudit audit;

    AuditController(SignInAudit audit) {
        this.audit = audit;
    }

    @Operation(summary = "Staff: whether everybody who is signed in may be")
    @GetMapping("/audit")
    AuditResponse audit() {
        var report = audit.check();
        return new AuditResponse(report.isBalanced(), report.checkedAt(), report.signIns(), report.discrepancies());
    }
}
