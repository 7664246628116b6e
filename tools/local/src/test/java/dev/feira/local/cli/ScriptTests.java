package dev.feira.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that {@code ./feira} runs with what macOS has: bash 3.2, no {@code timeout}. */
class ScriptTests {

    private static final Path SCRIPT =
            Path.of("..", "..", "feira").toAbsolutePath().normalize();

    /** What bash has since 4.0 only. */
    private static final Pattern NEWER = Pattern.compile(
            "\\b(mapfile|readarray|coproc|EPOCH\\w+)\\b|\\b(declare|local) -[Agn]"
                    + "|\\$\\{\\w+(,|\\^|@[A-Za-z])|\\|&|&>>|\\[\\[ -v|printf '%\\(|wait -n|;;&|;&|\\$\\{\\w+: -|\\[-\\d+\\]");

    @Test
    void usesNoFeatureThatBash32Lacks() throws IOException {
        assertThat(Files.readAllLines(SCRIPT))
                .filteredOn(
                        line -> NEWER.matcher(line.replaceFirst("^\\s*#.*", "")).find())
                .isEmpty();
    }

    @Test
    void checksMachineWithoutTimeout(@TempDir Path programs) throws Exception {
        for (var name : List.of("bash", "env", "perl", "dirname", "readlink", "sed", "find", "uname", "cat", "grep")) {
            Files.createSymbolicLink(programs.resolve(name), installed(name));
        }
        var docker = Files.writeString(programs.resolve("docker"), "#!/bin/sh\necho 'engine 29.0.0'\n");
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        var command = new ProcessBuilder(SCRIPT.toString(), "doctor").redirectErrorStream(true);
        command.environment().put("PATH", programs.toString());

        var output = new String(command.start().getInputStream().readAllBytes());

        assertThat(output).contains("ok        Docker     engine 29.0.0").doesNotContain("timeout");
    }

    private static Path installed(String program) {
        return Pattern.compile(":")
                .splitAsStream(System.getenv("PATH"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
