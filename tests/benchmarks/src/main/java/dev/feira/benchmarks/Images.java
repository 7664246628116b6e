package dev.feira.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The sizes of the images that {@code ./feira images} left, as they cross a network: with compressed layers. */
final class Images {

    private static final String MANIFEST =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * An image.
     *
     * @param compressed bytes to download
     * @param source how that is known
     * @param uncompressed bytes on a disk; null where it is not known
     * @param hasStartUpCache whether it was built with one ({@code -Pimages})
     */
    record Size(long compressed, String source, @Nullable Long uncompressed, boolean hasStartUpCache) {}

    /**
     * The image that was built last in this module's folder; empty where none was.
     *
     * @throws MeasurementFailed it was built, but neither Docker nor the registry has it any more
     */
    Optional<Size> of(Path module) throws IOException, InterruptedException {
        var description = module.resolve("target/jib-image.json"); // Jib writes it with every image
        if (!Files.exists(description)) {
            return Optional.empty();
        }
        var built = json.readTree(Files.readString(description));
        var image = built.path("image").asString("");
        var size = isPushed(image)
                ? inRegistry(image, built.path("imageDigest").asString(""))
                : inDocker(image, built.path("imageId").asString(""));
        var trained = Files.exists(module.resolve("target/aot/cache/app.aot"));
        return Optional.of(new Size(size.compressed, size.source, size.uncompressed, trained));
    }

    /** Whether the first part of the name is a registry's host, by Docker's own rule. */
    private static boolean isPushed(String image) {
        var host = image.substring(0, Math.max(0, image.indexOf('/')));
        return host.contains(".") || host.contains(":") || host.equals("localhost");
    }

    private Size inRegistry(String image, String digest) throws IOException, InterruptedException {
        var host = image.substring(0, image.indexOf('/'));
        var path = image.substring(host.length() + 1);
        var name = path.contains(":") ? path.substring(0, path.lastIndexOf(':')) : path;
        var scheme = host.startsWith("localhost") || host.startsWith("127.0.0.1") ? "http" : "https";
        var manifest = URI.create("%s://%s/v2/%s/manifests/%s".formatted(scheme, host, name, digest));
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(manifest)
                            .header("Accept", MANIFEST)
                            .timeout(Duration.ofSeconds(15))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new MeasurementFailed(manifest + " answers " + answer.statusCode() + ".");
            }
            return new Size(sizeOf(answer.body()), "the manifest in the registry", null, false);
        }
    }

    /** The sum of configuration and layers that a manifest names. */
    long sizeOf(String manifest) {
        var tree = json.readTree(manifest);
        var size = tree.path("config").path("size").asLong(0);
        for (var layer : tree.path("layers")) {
            size += layer.path("size").asLong(0);
        }
        return size;
    }

    private static Size inDocker(String image, String id) throws IOException, InterruptedException {
        var inspected = new ProcessBuilder("docker", "image", "inspect", "--format", "{{.Size}}", id)
                .redirectErrorStream(true)
                .start();
        var output = new String(inspected.getInputStream().readAllBytes()).strip();
        if (inspected.waitFor() != 0) {
            throw new MeasurementFailed("Docker does not have " + image + " (" + id + "): " + output);
        }
        var saving = new ProcessBuilder("docker", "image", "save", id)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var archive = saving.getInputStream()) {
            return new Size(
                    compressed(archive),
                    "`docker image save`, its layers compressed by gzip",
                    Long.parseLong(output),
                    false);
        } finally {
            saving.destroy();
        }
    }

    /** The size of all files of an archive of an image, those that are not compressed yet by gzip's usual level. */
    static long compressed(InputStream archive) throws IOException {
        long size = 0;
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(archive))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                if (entry.isFile()) { // a link is a layer that is there already
                    size += compressedEntry(tar);
                }
            }
        }
        return size;
    }

    private static long compressedEntry(InputStream entry) throws IOException {
        var content = new BufferedInputStream(entry);
        content.mark(2);
        var isCompressed = content.read() == 0x1f && content.read() == 0x8b;
        content.reset();
        var counting = new Counting();
        if (isCompressed) {
            content.transferTo(counting);
        } else {
            try (var gzip = new GZIPOutputStream(counting)) {
                content.transferTo(gzip);
            }
        }
        return counting.bytes;
    }

    private static final class Counting extends OutputStream {

        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes += length;
        }
    }

    /** Megabytes of a million bytes, as registries count them. */
    static long megabytes(long bytes) {
        return Math.round(bytes / 1e6);
    }
}
