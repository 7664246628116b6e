package dev.feira.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * A service's jar, unpacked so that the JVM reads its classes straight from ordinary jars, which starts faster than a
 * jar of jars and is what an ahead-of-time cache needs.
 *
 * @param service whose it is
 * @param jar the unpacked application: {@code java -jar} runs it
 * @param aotCache where its ahead-of-time cache is, or will be once it is trained
 */
record Application(Service service, Path jar, Path aotCache) {

    /** The jar that Maven built. */
    static Path built(Path home, Service service) {
        var target = home.resolve(service.module()).resolve("target");
        try (var jars = Files.newDirectoryStream(target, service.module() + "-*.jar")) {
            Path newest = null; // after a change of version there are two
            for (var jar : jars) {
                var name = jar.getFileName().toString();
                if (!name.endsWith("-sources.jar")
                        && !name.endsWith("-javadoc.jar")
                        && !name.endsWith("-tests.jar")
                        && (newest == null
                                || Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(newest)) > 0)) {
                    newest = jar;
                }
            }
            if (newest != null) {
                return newest;
            }
        } catch (IOException e) {
            // The same sentence as for an empty folder
        }
        throw new StartFailure(service.module() + " is not built: run ./feira up, or mvn -DskipTests package.");
    }

    /**
     * Unpacks a built jar into the cache, once for each content; the entries of older contents go.
     *
     * @throws StartFailure the jar is broken or the disk is full
     */
    static Application prepare(Path builtJar, Service service, Path cache, JavaRuntime java) {
        try {
            var folder = cache.resolve(service.module() + "-" + hash(Files.newInputStream(builtJar)));
            var jar = folder.resolve("app.jar").toAbsolutePath();
            if (!Files.exists(jar)) {
                Files.createDirectories(cache);
                var fresh = cache.resolve("unpacking-" + UUID.randomUUID());
                unpack(builtJar, fresh, java);
                PostgresBinaries.moveUnlessThere(fresh, folder);
                deleteOlder(cache, service, folder);
            }
            // A cache serves only the very JVM, arguments and class path that trained it, and is ignored without a word
            // by any other
            var circumstances = java.version() + java.program() + java.arguments(service) + jar;
            var key = hash(new ByteArrayInputStream(circumstances.getBytes(StandardCharsets.UTF_8)));
            return new Application(
                    service, jar, folder.resolve("app-" + key + ".aot").toAbsolutePath());
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

    /** An hour of grace: a platform of an older build may still be running. */
    private static void deleteOlder(Path cache, Service service, Path keep) throws IOException {
        try (var entries = Files.newDirectoryStream(cache, service.module() + "-*")) {
            for (var entry : entries) {
                var age = System.currentTimeMillis()
                        - Files.getLastModifiedTime(entry).toMillis();
                if (!entry.equals(keep) && age > Duration.ofHours(1).toMillis()) {
                    PostgresBinaries.deleteTree(entry);
                }
            }
        }
    }

    private static String hash(InputStream content) throws IOException {
        try (var stream = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
            stream.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(stream.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
