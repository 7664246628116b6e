package dev.feira.notification.web;

import dev.feira.defaults.audit.AuditRunner;
import dev.feira.notification.application.MailAudit;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.MailStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Mail")
class AuditController {

    /**
     * The result of an audit of mail.
     *
     * @param balanced whether no mail has failed
     * @param mails number of mails with each status
     * @param orders number of orders that mail of each kind tells about
     */
    record AuditResponse(
            boolean balanced,
            Instant checkedAt,
            Map<MailStatus, Long> mails,
            Map<MailKind, Long> orders,
            List<MailResponse> discrepancies) {}

    private final MailAudit audit;
    private final AuditRunner runner;

    AuditController(MailAudit audit, AuditRunner runner) {
        this.audit = audit;
        this.runner = runner;
    }

    @GetMapping("/audit")
    @Operation(summary = "Count mail, and list what could not be sent")
    AuditResponse audit() {
        var report = runner.run(audit::check);
        var reader = new Reader(true, false);
        return new AuditResponse(
                report.isBalanced(),
                report.checkedAt(),
                report.mails(),
                report.orders(),
                report.discrepancies().stream()
                        .map(mail -> MailResponse.of(mail, reader))
                        .toList());
    }
}
