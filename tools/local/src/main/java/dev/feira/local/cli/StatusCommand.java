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
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description =
                "Shows every process of ./feira up: health, ports, memory, log. Exit code 0 when all are healthy.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final Pattern KILOBYTES = Pattern.compile("\\D*(\\d+) kB");

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var data = DownCommand.data();
        var state = RunState.read(data);
        if (state.isEmpty()) {
            terminal.print("Feira does not run here: ./feira up starts it.");
            return 1;
        }
        terminal.print(row("", "state", "process", "port", "health", "RSS", "PSS", "log"));
        var healthy = 0;
        var rss = 0L;
        var pss = 0L;
        var parts = new ArrayList<>(state.get().parts());
        parts.add(state.get().launcher());
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            for (var part : parts) {
                var word = word(part, http);
                healthy += word.equals("healthy") || word.equals("running") ? 1 : 0;
                var memory = memory(part);
                rss += memory.rss();
                pss += memory.pss();
                terminal.print(row(
                        part.name(),
                        word,
                        part.isWaiting() ? "" : String.valueOf(part.pid()),
                        port(part.port()),
                        port(part.managementPort()),
                        megabytes(memory.rss()),
                        megabytes(memory.pss()),
                        log(part)));
            }
        }
        terminal.print(row("", "", "", "", "", megabytes(rss), megabytes(pss), ""));
        terminal.print("\n"
                + (healthy == parts.size()
                        ? "All healthy: " + state.get().url()
                        : "Not all is healthy: see the logs."));
        return healthy == parts.size() ? 0 : 1;
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
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200 ? "healthy" : "ill";
        } catch (IOException e) {
            return "silent";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    private record Memory(long rss, long pss) {}

    /** Of the process and those it started (PostgreSQL's are many); Linux only, 0 elsewhere. */
    private static Memory memory(RunState.Part part) {
        var handles = new ArrayList<ProcessHandle>();
        part.process().ifPresent(process -> {
            handles.add(process);
            if (part.name().equals("postgres")) {
                process.children().forEach(handles::add);
            }
        });
        var rss = 0L;
        var pss = 0L;
        for (var handle : handles) {
            try {
                for (var line : Files.readAllLines(Path.of("/proc/" + handle.pid() + "/smaps_rollup"))) {
                    if (line.startsWith("Rss:")) {
                        rss += kilobytes(line);
                    } else if (line.startsWith("Pss:")) {
                        pss += kilobytes(line);
                    }
                }
            } catch (IOException e) {
                // Not Linux, or gone by now
            }
        }
        return new Memory(rss, pss);
    }

    private static long kilobytes(String line) {
        var matcher = KILOBYTES.matcher(line);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String megabytes(long kilobytes) {
        return kilobytes == 0 ? "" : kilobytes / 1024 + " MiB";
    }

    private static String port(int port) {
        return port == 0 ? "" : String.valueOf(port);
    }

    private static String log(RunState.Part part) {
        if (part.log().isEmpty()) {
            return "";
        }
        var log = Path.of(part.log());
        var home = PlatformOptions.findHome();
        return log.startsWith(home) ? home.relativize(log).toString() : log.toString();
    }
}
