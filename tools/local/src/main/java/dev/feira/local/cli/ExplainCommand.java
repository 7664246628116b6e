package dev.feira.local.cli;

import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.Explanation;
import dev.feira.local.client.Explanation.Mail;
import dev.feira.local.client.Explanation.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Shows what happened to an order: requests, attempts of each step, changes, events and mail.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Parameters(paramLabel = "ORDER", description = "the id of the order")
    private UUID order = new UUID(0, 0);

    /** What happened at a time, between order-service and another party. */
    private record Line(
            Instant at, String party, String text, @Nullable String detail) {}

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var staff = target.client().signedIn("sofia@feira.example", target.password());
        var explanation = staff.explanation(order);
        terminal.print(String.format(
                Locale.ROOT,
                "Order %s is %s, placed %tF %<tT%n",
                explanation.orderId(),
                explanation.status(),
                explanation.placedAt().atZone(ZoneId.systemDefault())));
        var mails = List.<Mail>of();
        try {
            mails = staff.mailsAbout(order);
        } catch (ApiProblem e) { // of another service: the rest is shown without it
            terminal.print("  Mail is not shown: " + e.getMessage());
        }
        lines(explanation, mails).forEach(line -> print(terminal, explanation.placedAt(), line));
        if (explanation.traceId() != null) {
            terminal.print("\nTrace in logs and traces: " + explanation.traceId());
        }
        terminal.print("As a drawing: " + staff.url() + "/orders/" + explanation.orderId() + "/explanation");
        return 0;
    }

    private static List<Line> lines(Explanation explanation, List<Mail> mails) {
        var lines = new ArrayList<Line>();
        lines.add(new Line(explanation.placedAt(), "buyer", "the order is placed", null));
        if (explanation.lastReplayAt() != null) {
            lines.add(new Line(
                    explanation.lastReplayAt(),
                    "buyer",
                    "the same request was repeated %d time(s), last at this point".formatted(explanation.replays()),
                    null));
        }
        explanation.steps().forEach(step -> lines.add(line(step)));
        explanation.changes().stream()
                .skip(1)
                .forEach(change -> lines.add(new Line(change.at(), "order", "→ " + change.type(), change.detail())));
        explanation.events().forEach(event -> lines.add(new Line(event.at(), "others", event.type(), null)));
        mails.forEach(
                mail -> lines.add(new Line(mail.createdAt(), "mail", mail.kind() + ", " + words(mail.status()), null)));
        lines.subList(1, lines.size()).sort(Comparator.comparing(Line::at));
        return lines;
    }

    private static Line line(Step step) {
        var took = step.endedAt() == null
                ? ""
                : ", %d ms"
                        .formatted(
                                Duration.between(step.beganAt(), step.endedAt()).toMillis());
        var attempt = step.lastAttempt() > step.attempt()
                ? ", attempts %d to %d".formatted(step.attempt(), step.lastAttempt())
                : step.attempt() == 1 ? "" : ", attempt " + step.attempt();
        var by = step.replica() == null ? "" : " by " + step.replica();
        return new Line(
                step.beganAt(),
                words(step.participant()),
                words(step.step()) + attempt + ": " + words(step.outcome()) + took + by,
                step.error());
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void print(Terminal terminal, Instant start, Line line) {
        terminal.print(terminal.fit(String.format(
                Locale.ROOT,
                "  +%8.3f s  %-9s %s",
                Math.max(0, Duration.between(start, line.at()).toMillis()) / 1000.0,
                line.party(),
                line.text())));
        if (line.detail() != null) {
            terminal.print(" ".repeat(25) + line.detail());
        }
    }
}
