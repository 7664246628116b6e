package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.local.PlatformOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for the SQL of all services, without running it. */
class StatementTests {

    /**
     * PostgreSQL refuses a prepared statement whose columns have become more since ("cached plan must not change result
     * type"), which is what the next version's migration does to this version.
     */
    @Test
    void noStatementReadsEveryColumnThereMayBe() throws IOException {
        var everything = Pattern.compile(
                "(?i)(select|returning|distinct on \\([^)]*\\)|,)\\s+([a-z]+\\.)?\\*\\s*(,|from\\b(?!\\s+unnest))");
        try (var files = Files.walk(PlatformOptions.findHome())) {
            assertThat(files.filter(file -> file.toString().contains("/src/main/java/"))
                            .filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(
                                    everything.matcher(Files.readString(file)).find())
                            .as("%s names its columns", file)
                            .isFalse());
        }
    }
}
