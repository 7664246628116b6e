package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.local.PlatformOptions;
import dev.feira.local.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the SQL statements in the sources of all services. */
class StatementTests {

    private static final Pattern ALL_COLUMNS = Pattern.compile(
            "(?i)((select|distinct on \\([^)]*\\)|,)\\s+([a-z_0-9]+\\.)?\\*\\s*(,|from\\b(?!\\s+unnest))|returning\\s+([a-z_0-9]+\\.)?\\*)");

    /**
     * PostgreSQL rejects a prepared statement after a migration has added a column to its result ("cached plan must not change
     * result type").
     */
    @Test
    void namesTheColumnsOfEveryStatement() throws IOException {
        for (var service : Service.values()) {
            try (var files = Files.walk(
                    PlatformOptions.findHome().resolve(service.module()).resolve("src/main/java"))) {
                assertThat(files.filter(Files::isRegularFile))
                        .isNotEmpty()
                        .allSatisfy(file -> assertThat(ALL_COLUMNS
                                        .matcher(Files.readString(file))
                                        .find())
                                .as("%s names its columns", file)
                                .isFalse());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    select * from orders                        | true
                    select o.*, 1 from orders o                 | true
                    select distinct on (kind) * from tokens     | true
                    delete from users returning *               | true
                    select order_lines.* from order_lines       | true
                    select a, * from orders                     | true
                    select count(*) from orders                 | false
                    select quantity * price from order_lines    | false
                    select :sheet, * from unnest(:references)   | false
                    """)
    void detectsStatementsThatSelectAllColumns(String statement, boolean allColumns) {
        assertThat(ALL_COLUMNS.matcher(statement).find()).isEqualTo(allColumns);
    }
}
