package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTests {

    private static final String TIME = "2026-11-23T10:00:00.000Z";

    @TempDir
    Path folder;

    @Test
    void returnsFailureAnalysisAsCause() throws IOException {
        var log = log(
                TIME + " ERROR 7 --- [catalog-service] [           main] o.s.b.d.LoggingFailureAnalysisReporter   :",
                "",
                "***************************",
                "APPLICATION FAILED TO START",
                "***************************",
                "",
                "Description:",
                "",
                "Binding to target feira.catalog failed:",
                "",
                "    Property: feira.catalog.hold",
                "    Reason: must be positive",
                "",
                "Action:",
                "",
                "Update your application's configuration");

        assertThat(log.failureCause())
                .contains(
                        "Binding to target feira.catalog failed: Property: feira.catalog.hold Reason: must be positive");
    }

    @Test
    void returnsLastErrorWithRootCauseWithoutFailureAnalysis() throws IOException {
        var log = log(
                TIME + " ERROR 7 --- [order-service] [main] d.f.o.Early : not this one",
                TIME + " ERROR 7 --- [order-service] [main] o.s.boot.SpringApplication : Application run failed",
                "org.springframework.context.ApplicationContextException: Failed to start bean",
                "Caused by: java.lang.IllegalStateException: outer",
                "Caused by: java.net.BindException: Address already in use",
                TIME + "  INFO 7 --- [order-service] [main] d.f.o.Late : later");

        assertThat(log.failureCause())
                .contains("Application run failed (java.net.BindException: Address already in use)");
    }

    @Test
    void returnsLastLineWithoutError() throws IOException {
        assertThat(log("Error: Unable to access jarfile app.jar", "").failureCause())
                .contains("Error: Unable to access jarfile app.jar");
    }

    @Test
    void ignoresOutputOfEarlierRun() throws IOException {
        var log = log("Error: of the first run");

        assertThat(new LogFile(log.path(), Files.size(log.path())).failureCause())
                .isEmpty();
    }

    @Test
    void returnsLastMessageDuringStart() throws IOException {
        var log = log(
                TIME
                        + "  INFO 7 --- [user-service] [           main] [                 ] o.f.c.i.c.DbMigrate : Migrating schema",
                "a line without a level");

        assertThat(log.lastMessage()).contains("Migrating schema");
    }

    private LogFile log(String... lines) throws IOException {
        return new LogFile(Files.writeString(folder.resolve("service.log"), String.join("\n", lines) + "\n"), 0);
    }
}
