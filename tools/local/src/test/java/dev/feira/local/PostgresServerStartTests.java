package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interrupts starts: shell scripts in front of PostgreSQL's programs kill, delay or fail a step. */
class PostgresServerStartTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void repeatsInitdbAfterItWasKilled() throws Exception {
        var killed = server(programs("""
                for argument; do case $argument in --pgdata=*) data=${argument#--pgdata=} ;; esac; done
                [ "$program" = initdb ] && mkdir -p "$data" && echo 18 > "$data/PG_VERSION" && kill -KILL $$
                """));
        assertThatThrownBy(killed::start).isInstanceOf(StartFailure.class);

        var server = server(programs(""));
        try {
            server.start();

            server.connect(Service.ORDER).close();
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"initdb", "pg_ctl"})
    void leavesNoServerWhenClosedDuringStart(String step) throws Exception {
        var server = server(programs("""
                if [ "$program" = %s ]; then
                  touch %s/reached
                  until [ -e %s/go ]; do sleep 0.02; done
                fi
                """.formatted(step, folder, folder)));
        var start = new FutureTask<Void>(server::start, null);
        try {
            Thread.ofPlatform().start(start);
            await().atMost(TIMEOUT).until(() -> Files.exists(folder.resolve("reached")));

            var close = Thread.ofPlatform().start(server::close);
            await().atMost(TIMEOUT).until(() -> close.getState() == Thread.State.BLOCKED || !close.isAlive());
            Files.createFile(folder.resolve("go"));

            assertThatThrownBy(start::get).hasRootCauseMessage("Feira is being stopped.");
            assertThat(close.join(TIMEOUT)).isTrue();
            assertThat(folder.resolve("data/postgres/postmaster.pid")).doesNotExist();
        } finally {
            server.stop();
        }
    }

    @Test
    void stopsServerAfterPgCtlFailed() throws Exception {
        var server = server(programs("""
                if [ "$program" = pg_ctl ] && [ ! -e %s/failed-once ]; then
                  touch %s/failed-once
                  %s/bin/pg_ctl "$@"
                  exit 1
                fi
                """.formatted(folder, folder, real())));
        assertThatThrownBy(server::start).isInstanceOf(StartFailure.class);
        assertThat(folder.resolve("data/postgres/postmaster.pid")).exists();

        server.close();

        assertThat(folder.resolve("data/postgres/postmaster.pid")).doesNotExist();
    }

    private PostgresServer server(Path programs) {
        return new PostgresServer(
                () -> programs,
                folder.resolve("data/postgres"),
                folder.resolve("postgres.log"),
                Ports.free(),
                Secrets.random());
    }

    /** Creates a shell script for each of PostgreSQL's programs, which runs this code first. */
    private Path programs(String first) throws IOException {
        var programs = Files.createDirectories(folder.resolve("programs"));
        var bin = Files.createDirectories(programs.resolve("bin"));
        for (var program : new String[] {"initdb", "pg_ctl"}) {
            var script = bin.resolve(program);
            Files.writeString(
                    script,
                    "#!/bin/sh\nprogram=" + program + "\n" + first + "exec " + real() + "/bin/" + program
                            + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return programs;
    }

    private static Path real() {
        return PostgresBinaries.unpacked(PlatformOptions.findHome().resolve(".feira/cache"));
    }
}
