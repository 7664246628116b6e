package dev.feira.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The secrets of one environment, by the names of their variables. Generated once, kept in files that only their owner
 * can read, never replaced: a changed password would lock the platform out of its own data.
 */
public final class Secrets {

    /** The file of the embedded platform, under the project. */
    public static final Path EMBEDDED = Path.of(".feira/secrets.env");

    /** Where Docker Compose looks by itself, under the project. */
    static final Path COMPOSE = Path.of(".env");

    /** Read by the overlay's secret generator, under the project. */
    static final Path KUBERNETES = Path.of("k8s/overlays/local/secrets.env");

    private static final List<Path> ALL = List.of(EMBEDDED, COMPOSE, KUBERNETES);

    /** The password of the demo accounts. */
    public static final String DEMO_PASSWORD = "FEIRA_DEMO_PASSWORD";

    static final List<String> NAMES = List.of(
            "POSTGRES_PASSWORD",
            "FEIRA_DB_PASSWORD_GATEWAY",
            "FEIRA_DB_PASSWORD_CATALOG",
            "FEIRA_DB_PASSWORD_ORDERS",
            "FEIRA_DB_PASSWORD_USERS",
            "FEIRA_DB_PASSWORD_PAYMENTS",
            "FEIRA_GATEWAY_CLIENT_SECRET",
            "FEIRA_ORDER_CLIENT_SECRET",
            "FEIRA_PAYMENTS_API_KEY",
            "FEIRA_PAYMENTS_WEBHOOK_SECRET",
            "FEIRA_KEY_ENCRYPTION_SECRET",
            DEMO_PASSWORD);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** New random values that are kept nowhere, for a platform that lives as long as a test. */
    public static Secrets random() {
        var values = new LinkedHashMap<String, String>();
        NAMES.forEach(name -> values.put(name, generate(name)));
        return new Secrets(values);
    }

    /**
     * The secrets of the embedded platform; generates what is missing.
     *
     * @param home the project's folder
     */
    public static Secrets ofEmbedded(Path home) {
        generateMissing(home, List.of(EMBEDDED));
        return new Secrets(read(home.resolve(EMBEDDED)));
    }

    /**
     * Generates the secrets of all three environments where they are missing; what is there stays as it is. The demo
     * password is the same in all three, so that a person has one to remember; nothing else is shared.
     *
     * @param home the project's folder
     * @return one line for each file: what was done
     */
    public static List<Generated> generateMissing(Path home) {
        return generateMissing(home, ALL);
    }

    private static List<Generated> generateMissing(Path home, List<Path> which) {
        var demoPassword = demoPassword(home).orElseGet(() -> generate(DEMO_PASSWORD));
        var done = new ArrayList<Generated>();
        for (var relative : which) {
            var file = home.resolve(relative);
            var existed = Files.exists(file);
            var missing =
                    NAMES.stream().filter(name -> !read(file).containsKey(name)).toList();
            if (!missing.isEmpty()) {
                append(file, missing, demoPassword);
            }
            done.add(new Generated(file, existed, missing.size()));
        }
        return done;
    }

    /** The password of the demo accounts, from the first of the three files that has it. */
    public static Optional<String> demoPassword(Path home) {
        return ALL.stream()
                .map(file -> Optional.ofNullable(read(home.resolve(file)).get(DEMO_PASSWORD)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What {@link #generateMissing} did to one file: how many secrets it added, and whether it was there before. */
    public record Generated(Path file, boolean existed, int added) {}

    /** The value of one secret. */
    public String get(String name) {
        return find(name)
                .orElseThrow(() -> new StartFailure("The secret " + name + " is missing: run ./feira secrets."));
    }

    /** The value of one secret, where it is set. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    /** Reads {@code NAME=value} lines; comments and blank lines are skipped, one pair of quotes around a value too. */
    static Map<String, String> read(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            var values = new LinkedHashMap<String, String>();
            for (var line : Files.readAllLines(file)) {
                var equals = line.indexOf('=');
                if (equals > 0 && !line.startsWith("#")) {
                    values.put(
                            line.substring(0, equals).strip(),
                            unquoted(line.substring(equals + 1).strip()));
                }
            }
            return values;
        } catch (IOException e) {
            throw new StartFailure("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String unquoted(String value) {
        var quoted = value.length() >= 2
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static void append(Path file, List<String> names, String demoPassword) {
        var lines = new ArrayList<String>();
        if (Files.exists(file)) {
            lines.addAll(readLines(file));
        } else {
            lines.add("# Generated by ./feira secrets. Not for git; keep it with the data it protects.");
        }
        names.forEach(name -> lines.add(name + "=" + (name.equals(DEMO_PASSWORD) ? demoPassword : generate(name))));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // A new file beside it and a rename: a killed run leaves the old file or the new one, never half of it
            var complete = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(complete);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        complete, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.write(complete, lines, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StartFailure("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<String> readLines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String generate(String name) {
        return switch (name) {
            // AES-256 needs exactly 32 bytes, in ordinary base64
            case "FEIRA_KEY_ENCRYPTION_SECRET" -> Base64.getEncoder().encodeToString(bytes(32));
            // A person types this one: 20 letters and digits that are not mistaken for each other, 99 bits
            case DEMO_PASSWORD -> typeable();
            default -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
        };
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String typeable() {
        var alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
        var password = new StringBuilder();
        for (var i = 0; i < 20; i++) {
            if (i > 0 && i % 5 == 0) {
                password.append('-');
            }
            password.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return password.toString();
    }
}
