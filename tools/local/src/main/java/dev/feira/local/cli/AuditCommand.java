package dev.feira.local.cli;

import dev.feira.local.client.Audit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "audit",
        description =
                "Runs the audits of catalog, orders, users, notifications and events. Exit code 0 if all are balanced.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var staff = target.client().signedIn("sofia@feira.example", target.password());
        var balanced = true;
        for (var service : List.of("catalog", "orders", "users", "notifications")) {
            balanced &= print(terminal, service, staff.audit(service));
        }
        for (var service : List.of("catalog", "orders", "notifications", "gateway")) {
            balanced &= print(terminal, "feeds of " + service, staff.feedAudit(service));
        }
        terminal.print(
                balanced
                        ? "\nStock, reservations, orders, payments, sign-ins, mail and events agree."
                        : "\nThe audits found discrepancies: see above.");
        return balanced ? 0 : 1;
    }

    /** @return whether it is balanced */
    private static boolean print(Terminal terminal, String what, Audit audit) {
        terminal.print(String.format(
                Locale.ROOT,
                "  %-22s %-12s  %s",
                what,
                audit.balanced() ? "balanced" : "NOT BALANCED",
                summary(audit.report())));
        if (!audit.balanced()) {
            terminal.print(audit.report().toPrettyString().indent(4).stripTrailing());
        }
        return audit.balanced();
    }

    /** Summarizes an audit; orders in progress are counted but not compared. */
    private static String summary(JsonNode report) {
        if (report.has("skus")) {
            var uncounted = report.path("uncountedSales").asLong();
            return "%d products".formatted(report.path("skus").asInt())
                    + (uncounted == 0 ? "" : ", %d units of sales not counted yet".formatted(uncounted));
        }
        if (report.has("signIns")) {
            return "%d sign-ins".formatted(report.path("signIns").asInt());
        }
        if (report.has("parked")) {
            return "%d compared since the last audit, %d parked"
                    .formatted(
                            report.path("events").asInt(), report.path("parked").asInt());
        }
        if (report.has("mails")) {
            var mails = report.path("mails");
            return "%d mails sent, %d in the mailbox, %d to be sent, %d failed"
                    .formatted(
                            mails.path("SENT").asInt(0),
                            mails.path("KEPT").asInt(0),
                            mails.path("PENDING").asInt(0),
                            mails.path("FAILED").asInt(0));
        }
        return "%d compared, %d in progress"
                .formatted(
                        report.path("checked").asInt(), report.path("underWay").asInt());
    }
}
