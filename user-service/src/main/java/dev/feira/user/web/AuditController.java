package dev.feira.user.web;

import dev.feira.defaults.audit.AuditRunner;
import dev.feira.user.application.SignInAudit;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuditController {

    /**
     * The result of an audit of all sign-ins.
     *
     * @param signIns number of sign-ins that can be renewed
     */
    record AuditResponse(
            boolean balanced, Instant checkedAt, int signIns, List<SignInAudit.Discrepancy> discrepancies) {}

    private final SignInAudit audit;
    private final AuditRunner runner;

    AuditController(SignInAudit audit, AuditRunner runner) {
        this.audit = audit;
        this.runner = runner;
    }

    @Operation(summary = "Staff: checks all sign-ins and the signing keys")
    @GetMapping("/audit")
    AuditResponse audit() {
        var report = runner.run(audit::check);
        return new AuditResponse(report.isBalanced(), report.checkedAt(), report.signIns(), report.discrepancies());
    }
}
