import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Trains the AOT cache (JEP 483, 514 and 515) of one image. Unpacks the image that Jib wrote as a tar archive, runs the
 * service with the image's own JVM, class path and flags, sends it some requests and stops it. Then checks that the image's
 * JVM accepts the cache. Jib builds the image again with the cache in it.
 *
 * <p>The cache works only with the JVM build, the jars (order, size, time stamp) and the flags of its training; a JVM ignores
 * any other cache. Hence the image's JVM runs: straight from its layers if this machine can run it (Linux, same processor),
 * otherwise in a container. The service runs without a database and with random secrets.
 *
 * <p>Two trainings do not write the same bytes. A cache is stored under {@code .feira/aot} by the digest of its image, so that
 * the same inputs give the same image again on this machine.
 *
 * <p>Runs on the JDK that runs Maven, 17 or newer; decision record 0025 says why it is a single file. Usage:
 * {@code java AotTraining.java <image.tar> <cache to write> <folder of stored caches> <name> <http port> <management port>}
 */
class AotTraining {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofMinutes(3);
    private static final List<String> REQUESTS = List.of(
            "/", "/openapi.json/public", "/products", "/products/NONE-1", "/categories", "/orders", "/cards", "/session",
            "/api/products", "/api/orders", "/id/.well-known/openid-configuration", "/id/oauth2/jwks", "/id/login",
            "/id/openapi.json/public");
    private static final List<String> MANAGEMENT_REQUESTS = List.of(
            "/actuator/health/startup", "/actuator/health/readiness", "/actuator/prometheus", "/actuator/info");

    private final Path tar;
    private final Path work;
    private final Path log;
    private final Image image;

    private AotTraining(Path tar, Path work, Image image) {
        this.tar = tar;
        this.work = work;
        this.log = work.resolve("training.log");
        this.image = image;
    }

    public static void main(String[] arguments) throws Exception {
        var tar = Path.of(arguments[0]).toAbsolutePath();
        var cache = Path.of(arguments[1]).toAbsolutePath();
        var storedCaches = Path.of(arguments[2]).toAbsolutePath().normalize();
        var name = arguments[3];
        int httpPort = Integer.parseInt(arguments[4]);
        int managementPort = Integer.parseInt(arguments[5]);

        var work = Files.createDirectories(tar.resolveSibling("training"));
        var layers = work.resolve("layers");
        unpack(tar, layers);
        var image = Image.read(layers);
        var stored = storedCaches.resolve(name + "-" + image.digest().substring(0, 16) + ".aot");
        Files.createDirectories(cache.getParent());
        if (!Files.exists(stored)) {
            var training = new AotTraining(tar, work, image);
            var trained = work.resolve("app.aot");
            Files.deleteIfExists(trained);
            boolean direct = !Boolean.getBoolean("feira.training.container") && runsHere(image);
            if (direct) {
                training.trainFromLayers(layers, trained, name, httpPort, managementPort);
            } else if (dockerIsAvailable()) {
                training.trainInContainer(trained, name, httpPort, managementPort);
            } else {
                System.out.printf(
                        "%s: no AOT cache: this machine cannot run an image for %s/%s, and no Docker engine responds%n",
                        name, image.os(), image.architecture());
                Files.deleteIfExists(cache);
                return;
            }
            Files.createDirectories(storedCaches);
            Files.move(trained, stored, StandardCopyOption.REPLACE_EXISTING);
            deleteOlder(storedCaches, name);
        }
        Files.copy(stored, cache, StandardCopyOption.REPLACE_EXISTING);
        deleteTree(layers);
        System.out.printf("%s: AOT cache of %d MB%n", name, Files.size(cache) >> 20);
    }

    /** The parts of an image's configuration that the training needs. */
    private record Image(
            String digest, String os, String architecture, String javaHome, List<String> flags, String mainClass) {

        static Image read(Path layers) throws IOException, GeneralSecurityException {
            var json = Files.readString(layers.resolve("config.json"));
            var entrypoint = strings(json, "Entrypoint");
            var environment = strings(json, "Env");
            var javaHome = environment.stream()
                    .filter(line -> line.startsWith("JAVA_HOME="))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the base image sets no JAVA_HOME"))
                    .substring("JAVA_HOME=".length());
            var classPath = entrypoint.indexOf("-cp");
            var flags = entrypoint.subList(1, classPath).stream()
                    .filter(flag -> !flag.startsWith("-XX:AOT"))
                    .toList();
            var digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json.getBytes()));
            return new Image(
                    digest, string(json, "os"), string(json, "architecture"), javaHome, flags, entrypoint.get(entrypoint.size() - 1));
        }

        private static List<String> strings(String json, String name) {
            var array = Pattern.compile("\"" + name + "\":\\[(.*?)]").matcher(json);
            if (!array.find()) throw new IllegalStateException("the image's configuration has no " + name);
            return Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"")
                    .matcher(array.group(1))
                    .results()
                    .map(result -> result.group(1).replace("\\/", "/"))
                    .toList();
        }

        private static String string(String json, String name) {
            var value = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
            if (!value.find()) throw new IllegalStateException("the image's configuration has no " + name);
            return value.group(1);
        }
    }

    private void trainFromLayers(Path layers, Path trained, String name, int httpPort, int managementPort)
            throws Exception {
        var java = layers.resolve(image.javaHome().substring(1)).resolve("bin/java").toString();
        var classPath = Stream.of(Files.readString(layers.resolve("app/jib-classpath-file")).strip().split(":"))
                .map(entry -> layers.resolve(entry.substring(1)).toString())
                .collect(Collectors.joining(":"));
        var flags = new ArrayList<>(image.flags());
        flags.addAll(List.of("-Xms64m", "-Xmx256m")); // as in the container, independent of this machine's memory

        int http = freePort();
        int management = freePort();
        var command = new ArrayList<String>(List.of(java));
        command.addAll(flags);
        command.addAll(List.of("-XX:AOTCacheOutput=" + trained, "-cp", classPath, image.mainClass()));
        var builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().clear();
        builder.environment().putAll(settings(http, management));
        exercise(builder, name, http, management, Process::destroy);

        // The JVM compares the names of the jars, not their folder, which differs in the image
        var check = new ArrayList<String>(List.of(java));
        check.addAll(flags);
        check.addAll(List.of("-XX:AOTCache=" + trained, "-XX:AOTMode=on", "-cp", classPath, "-version"));
        output(check);
    }

    private void trainInContainer(Path trained, String name, int httpPort, int managementPort) throws Exception {
        var loaded = output(List.of("docker", "load", "--quiet", "--input", tar.toString())).strip();
        var reference = loaded.substring(loaded.indexOf(": ") + 2);
        var container = "feira-training-" + name + "-" + ProcessHandle.current().pid();
        var folder = Files.createDirectories(work.resolve("out"));
        folder.toFile().setWritable(true, false); // for the container's user
        int http = freePort();
        int management = freePort();
        var command = new ArrayList<>(List.of(
                "docker", "run", "--rm", "--name", container, "--volume", folder + ":/training:z",
                "--publish", "127.0.0.1:" + http + ":" + httpPort,
                "--publish", "127.0.0.1:" + management + ":" + managementPort));
        settings(httpPort, managementPort).forEach((key, value) -> command.addAll(List.of("--env", key + "=" + value)));
        command.addAll(List.of("--entrypoint", "java", reference));
        command.addAll(image.flags());
        command.addAll(List.of(
                "-Xms64m", "-Xmx256m", "-XX:AOTCacheOutput=/training/app.aot", "-cp", "@/app/jib-classpath-file", image.mainClass()));
        exercise(new ProcessBuilder(command), name, http, management, process -> {
            try {
                output(List.of("docker", "stop", "--time", "" + STOP.toSeconds(), container));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        var check = new ArrayList<>(List.of(
                "docker", "run", "--rm", "--volume", folder + ":/training:z", "--entrypoint", "java", reference));
        check.addAll(image.flags());
        check.addAll(List.of(
                "-Xms64m", "-Xmx256m", "-XX:AOTCache=/training/app.aot", "-XX:AOTMode=on", "-cp", "@/app/jib-classpath-file", "-version"));
        output(check);
        Files.copy(folder.resolve("app.aot"), trained, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the settings that a service needs to start; nothing listens at the database's address. */
    private static Map<String, String> settings(int httpPort, int managementPort) {
        var settings = new TreeMap<String, String>();
        settings.put("PATH", "/usr/bin:/bin");
        settings.put("SERVER_PORT", "" + httpPort);
        settings.put("MANAGEMENT_SERVER_PORT", "" + managementPort);
        settings.put("SPRING_PROFILES_ACTIVE", "container");
        settings.put("FEIRA_POSTGRES", "127.0.0.1:1");
        settings.put("SPRING_DATASOURCE_PASSWORD", secret());
        settings.put("FEIRA_GATEWAY_CLIENT_SECRET", secret());
        settings.put("FEIRA_ORDER_CLIENT_SECRET", secret());
        settings.put("FEIRA_CATALOG_CLIENT_SECRET", secret());
        settings.put("FEIRA_NOTIFICATION_CLIENT_SECRET", secret());
        settings.put("FEIRA_GATEWAY_SERVICE_CLIENT_SECRET", secret());
        settings.put("FEIRA_PAYMENTS_API_KEY", secret());
        settings.put("FEIRA_PAYMENTS_WEBHOOK_SECRET", secret());
        settings.put("FEIRA_KEY_ENCRYPTION_SECRET", secret());
        return settings;
    }

    private static String secret() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Starts the service, waits until it is live, sends requests, ignores the responses and stops it. */
    private void exercise(
            ProcessBuilder builder, String name, int http, int management, Consumer<Process> stop)
            throws Exception {
        var start = Instant.now();
        var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        var deadline = start.plus(START);
        while (status(client, management, "/actuator/health/liveness") != 200) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                process.destroyForcibly();
                throw new IllegalStateException(name + " did not start for AOT training. Log: " + log);
            }
            TimeUnit.MILLISECONDS.sleep(250);
        }
        for (int round = 0; round < 3; round++) {
            for (var path : REQUESTS) status(client, http, path);
            for (var path : MANAGEMENT_REQUESTS) status(client, management, path);
        }
        stop.accept(process);
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " did not stop after AOT training. Log: " + log);
        }
        System.out.printf(
                "%s: trained in %.1f s%n", name, Duration.between(start, Instant.now()).toMillis() / 1000.0);
    }

    /** Returns the status of the response, 0 without a response. */
    private static int status(HttpClient client, int port, String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean runsHere(Image image) {
        var names = Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64");
        var architecture = names.getOrDefault(System.getProperty("os.arch"), System.getProperty("os.arch"));
        return System.getProperty("os.name").equals("Linux") && architecture.equals(image.architecture());
    }

    private static boolean dockerIsAvailable() {
        try {
            output(List.of("docker", "version"));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private static void unpack(Path tar, Path layers) throws Exception {
        deleteTree(layers);
        Files.createDirectories(layers);
        output(List.of("tar", "-xf", tar.toString(), "-C", layers.toString()));
        var manifest = Files.readString(layers.resolve("manifest.json"));
        for (var layer : Image.strings(manifest, "Layers")) {
            output(List.of(
                    "tar", "-xzf", layers.resolve(layer).toString(), "-C", layers.toString(),
                    "--no-same-owner", "--exclude=dev", "--exclude=proc", "--exclude=sys"));
            Files.deleteIfExists(layers.resolve(layer));
        }
    }

    private static void deleteOlder(Path storedCaches, String name) throws IOException {
        try (var files = Files.list(storedCaches)) {
            files.filter(file -> file.getFileName().toString().matches(Pattern.quote(name) + "-[0-9a-f]{16}\\.aot"))
                    .sorted(Comparator.comparing(AotTraining::modified).reversed())
                    .skip(3)
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command.subList(0, 2)) + " failed: " + output);
        }
        return output;
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
