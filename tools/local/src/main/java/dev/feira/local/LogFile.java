package dev.feira.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads causes and messages from a service's log, from a given byte on; a restart appends to the same file. */
record LogFile(Path path, long from) {

    private static final int MAX_BYTES = 512 * 1024;

    /** Spring Boot's console pattern: time, level, process id, three dashes, brackets, logger, colon, message. */
    private static final Pattern LINE =
            Pattern.compile("^\\S+\\s+(TRACE|DEBUG|INFO|WARN|ERROR)\\s+\\d+ --- (?:\\[.*?]\\s*)*\\S*\\s*: (.*)$");

    private static final String FAILURE_ANALYSIS = "APPLICATION FAILED TO START";

    /**
     * Returns the cause of a failed start: Spring Boot's failure analysis, else the last error with its root cause, else the
     * last line.
     */
    Optional<String> failureCause() {
        var lines = lines();
        return failureAnalysis(lines).or(() -> lastError(lines)).or(() -> lastLine(lines));
    }

    /** Returns the last error with its root cause. */
    Optional<String> lastError() {
        return lastError(lines());
    }

    /** Returns the last log message. */
    Optional<String> lastMessage() {
        var lines = lines(8 * 1024);
        for (var i = lines.size() - 1; i >= 0; i--) {
            var matcher = LINE.matcher(lines.get(i));
            if (matcher.matches() && !matcher.group(2).isBlank()) {
                return Optional.of(matcher.group(2).strip());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> failureAnalysis(List<String> lines) {
        var start = lines.lastIndexOf(FAILURE_ANALYSIS);
        if (start < 0) {
            return Optional.empty();
        }
        var text = new ArrayList<String>();
        var inside = false;
        for (var line : lines.subList(start, lines.size())) {
            if (line.equals("Description:")) {
                inside = true;
            } else if (line.equals("Action:")) {
                break;
            } else if (inside && !line.isBlank()) {
                text.add(line.strip());
            }
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", text));
    }

    private static Optional<String> lastError(List<String> lines) {
        for (var i = lines.size() - 1; i >= 0; i--) {
            var matcher = LINE.matcher(lines.get(i));
            if (matcher.matches() && matcher.group(1).equals("ERROR")) {
                var rootCause = lines.subList(i, lines.size()).stream()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce((first, second) -> second)
                        .map(line -> " (" + line.substring("Caused by: ".length()) + ")");
                return Optional.of(matcher.group(2).strip() + rootCause.orElse(""));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> lastLine(List<String> lines) {
        return lines.reversed().stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst();
    }

    private List<String> lines() {
        return lines(MAX_BYTES);
    }

    List<String> lines(int maxBytes) {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            var start = Math.max(from, file.length() - maxBytes);
            var bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
