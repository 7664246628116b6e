package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that do not go as planned; the programs of PostgreSQL behind a script that may interfere. */
class PostgresServerStartTests {

    @TempDir
    Path folder;

    @Test
    void aKilledInitdbLeavesNothingThatLooksLikeData() throws Exception {
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

    private PostgresServer server(Path programs) {
        return new PostgresServer(
                programs,
                folder.resolve("data/postgres"),
                folder.resolve("postgres.log"),
                Ports.free(),
                Secrets.random());
    }

    /** PostgreSQL's real programs, each behind a shell script that does this first. */
    private Path programs(String first) throws IOException {
        var real = PostgresBinaries.unpacked(PlatformOptions.findHome().resolve(".feira/cache"));
        var programs = Files.createDirectories(folder.resolve("programs"));
        var bin = Files.createDirectories(programs.resolve("bin"));
        for (var program : new String[] {"initdb", "pg_ctl"}) {
            var script = bin.resolve(program);
            Files.writeString(
                    script,
                    "#!/bin/sh\nprogram=" + program + "\n" + first + "exec " + real + "/bin/" + program + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return programs;
    }
}
