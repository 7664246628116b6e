package dev.feira.local.cli;

import dev.feira.local.PlatformOptions;
import dev.feira.local.RunState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "Shows every process of ./feira up: health, ports, memory, log. Exit code 0 if all are healthy.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var state = RunState.read(DownCommand.data());
        if (state.isEmpty()) {
            terminal.print("Feira does not run here. Start it with ./feira up.");
            return 1;
        }
        terminal.print(row("", "state", "process", "port", "health", "RSS", "PSS", "log"));
        var parts = new ArrayList<>(state.get().parts());
        parts.add(state.get().launcher());
        var healthy = true;
        var total = new Memory(0, 0);
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            for (var part : parts) {
                var word = word(part, http);
                healthy &= word.equals("healthy") || word.equals("running");
                var memory = memory(part);
                total = total.plus(memory);
                terminal.print(row(
                        part.name(),
                        word,
                        number(part.pid()),
                        number(part.port()),
                        number(part.managementPort()),
                        megabytes(memory.rss()),
                        megabytes(memory.pss()),
                        log(part)));
            }
        }
        terminal.print(row("", "", "", "", "", megabytes(total.rss()), megabytes(total.pss()), ""));
        terminal.print(
                healthy ? "\nAll healthy: " + state.get().url() : "\nSome processes are not healthy: see their logs.");
        return healthy ? 0 : 1;
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "  %-20s %-9s %8s %6s %7s %8s %8s  %s", (Object[]) cells)
                .stripTrailing();
    }

    private static String word(RunState.Part part, HttpClient http) {
        if (part.isWaiting()) {
            return "waiting";
        }
        if (part.process().isEmpty()) {
            return "ended";
        }
        if (part.managementPort() == 0) {
            return "running";
        }
        var uri = URI.create("http://127.0.0.1:" + part.managementPort() + "/actuator/health/readiness");
        try {
            var request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(3)).build();
            var response = http.send(request, HttpResponse.BodyHandlers.discarding());
            return response.statusCode() == 200 ? "healthy" : "unhealthy";
        } catch (IOException e) {
            return "no reply";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** In kilobytes. */
    private record Memory(long rss, long pss) {
        Memory plus(Memory other) {
            return new Memory(rss + other.rss, pss + other.pss);
        }
    }

    /** Returns the memory of the process and PostgreSQL's child processes; Linux only, otherwise 0. */
    private static Memory memory(RunState.Part part) {
        return part.process().stream()
                .flatMap(process -> Stream.concat(
                        Stream.of(process), part.name().equals("postgres") ? process.children() : Stream.empty()))
                .map(StatusCommand::memory)
                .reduce(new Memory(0, 0), Memory::plus);
    }

    private static Memory memory(ProcessHandle process) {
        var rss = 0L;
        var pss = 0L;
        try {
            for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
                if (line.startsWith("Rss:")) {
                    rss = Long.parseLong(line.replaceAll("\\D", ""));
                } else if (line.startsWith("Pss:")) {
                    pss = Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            // Not Linux, or the process has ended
        }
        return new Memory(rss, pss);
    }

    private static String megabytes(long kilobytes) {
        return kilobytes == 0 ? "" : kilobytes / 1024 + " MiB";
    }

    private static String number(long number) {
        return number == 0 ? "" : String.valueOf(number);
    }

    private static String log(RunState.Part part) {
        var home = PlatformOptions.findHome();
        var log = Path.of(part.log());
        return log.startsWith(home) ? home.relativize(log).toString() : part.log();
    }
}
