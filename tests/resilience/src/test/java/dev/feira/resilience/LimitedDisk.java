package dev.feira.resilience;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file system (tmpfs) for the embedded platform's database and logs that can be filled. Needs Linux and the permission to
 * mount.
 */
final class LimitedDisk implements AutoCloseable {

    private static final String SIZE = "2g";

    private final Path folder;

    private LimitedDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts the disk; empty where that is not possible. */
    static Optional<LimitedDisk> mounted() {
        try {
            var folder = Files.createDirectories(Path.of("target", "disk").toAbsolutePath());
            run("umount", folder.toString()); // left by a killed run
            return run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + SIZE, "feira", folder.toString())
                    ? Optional.of(new LimitedDisk(folder))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** Leaves no free page. */
    void fill() throws IOException {
        for (var attempt = 0; attempt < 20; attempt++) {
            var store = Files.getFileStore(folder);
            // Fails where the database has written more in the meantime; too large where it has deleted
            if (run(
                            "mount",
                            "-o",
                            "remount,size=" + (store.getTotalSpace() - store.getUnallocatedSpace()),
                            folder.toString())
                    && Files.getFileStore(folder).getUnallocatedSpace() == 0) {
                return;
            }
        }
        throw new IOException(folder + " could not be filled");
    }

    /** Restores the original size. */
    void clear() throws IOException {
        if (!run("mount", "-o", "remount,size=" + SIZE, folder.toString())) {
            throw new IOException(folder + " could not be enlarged");
        }
    }

    @Override
    public void close() {
        run("umount", folder.toString());
    }

    private static boolean run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // the program is missing
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
