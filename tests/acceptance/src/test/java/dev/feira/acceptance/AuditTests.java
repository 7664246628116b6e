package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** No test of the platform goes without the audit. */
class AuditTests {

    private static final Set<String> WITHOUT_A_PLATFORM = Set.of("AuditTests", "HistoryTests", "StatementTests");

    @Test
    void everyTestOfThePlatformEndsWithTheAudit() throws IOException {
        var folder = Path.of("target", "test-classes", "dev", "feira", "acceptance");
        try (var files = Files.list(folder)) {
            var tests = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith("Tests.class"))
                    .map(file -> file.replace(".class", ""))
                    .filter(name -> !WITHOUT_A_PLATFORM.contains(name))
                    .toList();

            assertThat(tests)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(Class.forName(getClass().getPackageName() + "." + name))
                            .hasAnnotation(AcceptanceTest.class));
        }
    }
}
