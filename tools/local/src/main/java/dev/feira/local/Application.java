package dev.feira.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.FileUtils;

/**
 * A service's unpacked jar. The JVM starts faster from ordinary jars than from a jar of jars, and an AOT cache needs them.
 *
 * @param service the service
 * @param jar the unpacked application for {@code java -jar}
 * @param aotCache the file of its AOT cache, which exists once it is trained
 */
record Application(Service service, Path jar, Path aotCache) {

    private static final int HASH_LENGTH = 16;

    /**
     * Returns the newest jar that Maven built; after a change of version there are two.
     *
     * @throws StartFailure there is none
     */
    static Path built(Path home, Service service) {
        var target = home.resolve(service.module()).resolve("target").toFile();
        var jars = target.listFiles((_, name) -> name.startsWith(service.module() + "-")
                && name.endsWith(".jar")
                && !name.matches(".*-(sources|javadoc|tests)\\.jar"));
        return Arrays.stream(jars == null ? new File[0] : jars)
                .max(Comparator.comparing(File::lastModified))
                .map(File::toPath)
                .orElseThrow(() -> new StartFailure(
                        service.module() + " is not built. Run ./feira up, or mvn -DskipTests package."));
    }

    /**
     * Unpacks a built jar into the cache, once for each content, and deletes older contents.
     *
     * @throws StartFailure the jar is broken or the disk is full
     */
    static Application prepare(Path home, Service service, JavaRuntime java) {
        var builtJar = built(home, service);
        try {
            var cache = Files.createDirectories(home.resolve(".feira/cache"));
            var content = new DigestUtils("SHA-256").digestAsHex(builtJar.toFile());
            var folder = cache.resolve(service.module() + "-" + content.substring(0, HASH_LENGTH));
            var jar = folder.resolve("app.jar").toAbsolutePath();
            if (!Files.exists(jar)) {
                var fresh = cache.resolve("unpacking-" + UUID.randomUUID());
                unpack(builtJar, fresh, java);
                PostgresBinaries.moveUnlessThere(fresh, folder);
                deleteOlder(cache, service, folder);
            }
            // A JVM silently ignores a cache of another JVM, other arguments or another class path
            var key = DigestUtils.sha256Hex(java.version() + java.program() + java.arguments(service) + jar);
            var aotCache = folder.resolve("app-" + key.substring(0, HASH_LENGTH) + ".aot");
            return new Application(service, jar, aotCache.toAbsolutePath());
        } catch (IOException e) {
            throw new StartFailure("Cannot unpack " + builtJar + ": " + e.getMessage(), e);
        }
    }

    boolean isTrained() {
        return Files.exists(aotCache);
    }

    private static void unpack(Path jar, Path folder, JavaRuntime java) throws IOException {
        Processes.run(
                List.of(
                        java.program().toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--application-filename",
                        "app.jar",
                        "--destination",
                        folder.toString()),
                Duration.ofMinutes(2));
    }

    /** Keeps entries of the last hour: a platform of an older build may still run. */
    private static void deleteOlder(Path cache, Service service, Path keep) throws IOException {
        var old = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
        try (var entries = Files.newDirectoryStream(cache, service.module() + "-*")) {
            for (var entry : entries) {
                if (!entry.equals(keep) && Files.getLastModifiedTime(entry).toMillis() < old) {
                    FileUtils.deleteDirectory(entry.toFile());
                }
            }
        }
    }
}
