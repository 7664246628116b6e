package dev.feira.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Behaves like a service for the launcher: it can be unpacked, listens, is healthy, returns its arguments and variables, or
 * fails with Spring Boot's failure analysis. The acceptance tests start the real services.
 */
public final class FakeService {

    private FakeService() {}

    /** Creates a project folder with this class as every service, and the real project's unpacked PostgreSQL to save time. */
    static Path project(Path folder) throws IOException {
        var postgres = PostgresBinaries.unpacked(PlatformOptions.findHome().resolve(".feira/cache"));
        var cache = Files.createDirectories(folder.resolve(".feira/cache"));
        Files.createSymbolicLink(cache.resolve(postgres.getFileName()), postgres);
        Files.writeString(folder.resolve("pom.xml"), "<project/>");
        for (var service : Service.values()) {
            var target =
                    Files.createDirectories(folder.resolve(service.module()).resolve("target"));
            write(target.resolve(service.module() + "-1.0.jar"));
        }
        return folder;
    }

    private static void write(Path jar) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeService.class.getName());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            var entry = FakeService.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(entry));
            try (var in = FakeService.class.getClassLoader().getResourceAsStream(entry)) {
                in.transferTo(out);
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        if ("tools".equals(System.getProperty("jarmode"))) {
            var destination = Files.createDirectories(Path.of(arguments[arguments.length - 1]));
            Files.copy(Path.of(System.getProperty("java.class.path")), destination.resolve("app.jar"));
            return;
        }
        var all = Arrays.asList(arguments);
        exitIfStartShouldFail(all);
        if (all.contains("--fake=broken")) {
            System.out.println("""

                    ***************************
                    APPLICATION FAILED TO START
                    ***************************

                    Description:

                    The property feira.fake.secret is missing.

                    Action:

                    Set it.
                    """);
            System.exit(1);
        }
        var started = new StringBuilder();
        all.forEach(argument -> started.append(argument).append('\n'));
        System.getenv()
                .forEach((name, value) ->
                        started.append(name).append('=').append(value).append('\n'));
        serve(all, "--server.port=", started.toString());
        if (!all.contains("--fake=ill")) {
            serve(all, "--management.server.port=", "{\"status\":\"UP\"}");
        }
        System.out.println("2026-11-23T10:00:00.000Z  INFO 1 --- [fake] [main] d.f.Fake : Started");
        Thread.currentThread().join();
    }

    /** Counts the starts in the file {@code --fake.starts}; the ones listed in {@code --fake.fails=2,3} exit with 1. */
    private static void exitIfStartShouldFail(List<String> arguments) throws IOException {
        for (var argument : arguments) {
            if (argument.startsWith("--fake.starts=")) {
                var starts = Path.of(argument.substring("--fake.starts=".length()));
                var line = ProcessHandle.current().pid() + System.lineSeparator();
                Files.writeString(starts, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                var number = String.valueOf(Files.readAllLines(starts).size());
                var fails = arguments.stream()
                        .filter(other -> other.startsWith("--fake.fails="))
                        .flatMap(other -> Arrays.stream(
                                other.substring("--fake.fails=".length()).split(",")));
                if (fails.anyMatch(number::equals)) {
                    System.exit(1);
                }
            }
        }
    }

    private static void serve(List<String> arguments, String option, String text) throws IOException {
        var port = arguments.stream()
                .filter(argument -> argument.startsWith(option))
                .map(argument -> Integer.parseInt(argument.substring(option.length())))
                .findFirst()
                .orElseThrow();
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> {
            var body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }
}
