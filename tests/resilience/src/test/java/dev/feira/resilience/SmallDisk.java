package dev.feira.resilience;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file system of its own for an embedded platform's database and logs, which can be full. It is in memory, and full when
 * its size is what it holds. Linux, and only who may mount: elsewhere there is none.
 */
final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "2g";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static Optional<SmallDisk> mounted() {
        try {
            var folder = Files.createDirectories(Path.of("target", "disk").toAbsolutePath());
            run("umount", folder.toString()); // one of a run that was killed
            return run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + SIZE, "feira", folder.toString())
                    ? Optional.of(new SmallDisk(folder))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** From now on there is no room for one more page. */
    void fill() throws IOException {
        for (var attempt = 0; attempt < 20; attempt++) {
            var store = Files.getFileStore(folder);
            // Refused where the database has written more since it was asked; too large where it has deleted some
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

    /** There is room again. */
    void clear() throws IOException {
        if (!run("mount", "-o", "remount,size=" + SIZE, folder.toString())) {
            throw new IOException(folder + " stays full");
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
            return false; // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
