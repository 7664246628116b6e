package dev.feira.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.FileUtils;
import org.tukaani.xz.XZInputStream;

/** Unpacks PostgreSQL's programs from the class path into the cache, once per version. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /**
     * Returns the folder with {@code bin}, {@code lib} and {@code share}.
     *
     * @param cache the folder for unpacked programs
     * @throws StartFailure there is no PostgreSQL for this machine
     */
    static Path unpacked(Path cache) {
        var archive = archive();
        var resource = PostgresBinaries.class.getClassLoader().getResource(archive);
        if (resource == null) {
            throw new StartFailure("There is no embedded PostgreSQL for this machine (" + archive
                    + "). Use docker compose: see README.md.");
        }
        try {
            // The size identifies the version; the jar's name depends on how the class path is built
            var folder = cache.resolve("postgres-" + resource.openConnection().getContentLengthLong());
            if (!Files.isExecutable(folder.resolve("bin/postgres"))) {
                var fresh = cache.resolve("unpacking-" + UUID.randomUUID());
                try (var compressed = resource.openStream()) {
                    unpack(compressed, fresh);
                }
                moveUnlessThere(fresh, folder);
            }
            return folder.toAbsolutePath();
        } catch (IOException e) {
            throw new StartFailure("Cannot unpack PostgreSQL into " + cache + ": " + e.getMessage(), e);
        }
    }

    /** Moves a complete folder into the cache; deletes it if another process was faster. */
    static void moveUnlessThere(Path fresh, Path folder) throws IOException {
        try {
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            FileUtils.deleteDirectory(fresh.toFile());
        }
    }

    private static String archive() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        var arch = switch (System.getProperty("os.arch")) {
            case "aarch64", "arm64" -> "arm_64";
            case "amd64", "x86_64" -> "x86_64";
            case String other -> other;
        };
        var alpine = Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
        return "postgres-" + os + "-" + arch + alpine + ".txz";
    }

    private static void unpack(InputStream compressed, Path folder) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(compressed)))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                var path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException("an entry of the archive is outside its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
                    if ((entry.getMode() & 0100) != 0) {
                        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }
}
