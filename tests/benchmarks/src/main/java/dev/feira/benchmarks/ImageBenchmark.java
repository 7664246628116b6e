package dev.feira.benchmarks;

import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Measures the compressed size of the images that {@code ./feira images} built, as they are downloaded. */
final class ImageBenchmark {

    private static final long AIM = 120;
    private static final String MANIFEST =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Report report;

    ImageBenchmark(Report report) {
        this.report = report;
    }

    /**
     * The size of an image.
     *
     * @param compressed bytes
     * @param source where the size comes from
     */
    record Size(long compressed, String source) {}

    void run(Path project) throws IOException, InterruptedException {
        for (var service : Service.values()) {
            var what = "image, " + service.module();
            var module = project.resolve(service.module());
            var size = size(module);
            if (size.isEmpty()) {
                report.add(what, "not built: `./feira images`", "≤ 120 MB", "");
                continue;
            }
            var megabytes = Math.round(size.get().compressed / 1e6); // of a million bytes, as registries count
            var cache = Files.exists(module.resolve("target/aot/cache/app.aot")) ? "with" : "without";
            report.add(
                    what,
                    megabytes + " MB compressed",
                    Report.aim("≤ 120 MB", megabytes <= AIM),
                    "%s, %s its start-up cache".formatted(size.get().source, cache));
        }
    }

    /**
     * Returns the size of the image that was built last in this module's folder; empty if none was.
     *
     * @throws MeasurementFailed neither Docker nor the registry has it any more
     */
    static Optional<Size> size(Path module) throws IOException, InterruptedException {
        var description = module.resolve("target/jib-image.json"); // Jib writes it with every image
        if (!Files.exists(description)) {
            return Optional.empty();
        }
        var built = JSON.readTree(Files.readString(description));
        var image = built.path("image").asString("");
        // Docker's own rule: the first part of the name is a registry's host if it has a dot or a colon
        var host = image.substring(0, Math.max(0, image.indexOf('/')));
        return Optional.of(
                host.contains(".") || host.contains(":") || host.equals("localhost")
                        ? inRegistry(host, image, built.path("imageDigest").asString(""))
                        : inDocker(image, built.path("imageId").asString("")));
    }

    private static Size inRegistry(String host, String image, String digest) throws IOException, InterruptedException {
        var path = image.substring(host.length() + 1);
        var name = path.contains(":") ? path.substring(0, path.lastIndexOf(':')) : path;
        var scheme = host.startsWith("localhost") || host.startsWith("127.0.0.1") ? "http" : "https";
        var manifest = URI.create("%s://%s/v2/%s/manifests/%s".formatted(scheme, host, name, digest));
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(manifest)
                    .header("Accept", MANIFEST)
                    .timeout(Duration.ofSeconds(15))
                    .build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new MeasurementFailed(manifest + " returned " + response.statusCode() + ".");
            }
            return new Size(sizeOf(response.body()), "the manifest in the registry");
        }
    }

    /** Returns the sum of the configuration and the layers in a manifest. */
    static long sizeOf(String manifest) {
        var tree = JSON.readTree(manifest);
        var size = tree.path("config").path("size").asLong(0);
        for (var layer : tree.path("layers")) {
            size += layer.path("size").asLong(0);
        }
        return size;
    }

    private static Size inDocker(String image, String id) throws IOException, InterruptedException {
        var size = compressed(new ProcessBuilder("docker", "image", "save", id));
        if (size.isEmpty()) {
            throw new MeasurementFailed("Docker does not have %s (%s).".formatted(image, id));
        }
        return new Size(size.get(), "`docker image save` and gzip");
    }

    /** Returns the size of a command's output after gzip; layers that are compressed already keep theirs. */
    static Optional<Long> compressed(ProcessBuilder command) throws IOException, InterruptedException {
        var pipeline = ProcessBuilder.startPipeline(List.of(
                command.redirectError(ProcessBuilder.Redirect.DISCARD),
                new ProcessBuilder("gzip", "-c"),
                new ProcessBuilder("wc", "-c")));
        var size = new String(pipeline.getLast().getInputStream().readAllBytes()).strip();
        return pipeline.getFirst().waitFor() == 0 ? Optional.of(Long.parseLong(size)) : Optional.empty();
    }
}
