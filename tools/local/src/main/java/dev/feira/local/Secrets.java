package dev.feira.local;

import java.io.IOException;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The secrets of one environment, by the names of their environment variables. They are generated once, in files that only
 * their owner can read, and never replaced, because the data needs the old passwords.
 */
public final class Secrets {

    /** The file of the embedded platform, relative to the project folder. */
    static final Path EMBEDDED = Path.of(".feira/secrets.env");

    /** The file that Docker Compose reads by default. */
    static final Path COMPOSE = Path.of(".env");

    /** The file that the overlay's secret generator reads. */
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
            "FEIRA_DB_PASSWORD_NOTIFICATIONS",
            "FEIRA_DB_PASSWORD_PAYMENTS",
            "FEIRA_GATEWAY_CLIENT_SECRET",
            "FEIRA_ORDER_CLIENT_SECRET",
            "FEIRA_CATALOG_CLIENT_SECRET",
            "FEIRA_NOTIFICATION_CLIENT_SECRET",
            "FEIRA_GATEWAY_SERVICE_CLIENT_SECRET",
            "FEIRA_PAYMENTS_API_KEY",
            "FEIRA_PAYMENTS_WEBHOOK_SECRET",
            "FEIRA_KEY_ENCRYPTION_SECRET",
            DEMO_PASSWORD);

    private static final Pattern QUOTED = Pattern.compile("^([\"'])(.*)\\1$");
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Generates random secrets for a test; they are not stored. */
    public static Secrets random() {
        var values = new LinkedHashMap<String, String>();
        NAMES.forEach(name -> values.put(name, generate(name)));
        return new Secrets(values);
    }

    /**
     * Returns the secrets of the embedded platform and generates the missing ones.
     *
     * @param home the project's folder
     */
    public static Secrets ofEmbedded(Path home) {
        generateMissing(home, List.of(EMBEDDED));
        return new Secrets(read(home.resolve(EMBEDDED)));
    }

    /**
     * Generates the missing secrets of all three environments; existing ones stay unchanged. The three share only the demo
     * password, so that a user has to remember one.
     *
     * @param home the project's folder
     * @return the result for each file
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

    /** Returns the password of the demo accounts, from the first of the three files that has it. */
    public static Optional<String> demoPassword(Path home) {
        return ALL.stream()
                .map(file -> Optional.ofNullable(read(home.resolve(file)).get(DEMO_PASSWORD)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The result of {@link #generateMissing} for one file: whether it existed, and how many secrets were added. */
    public record Generated(Path file, boolean existed, int added) {}

    /** Returns a secret. */
    public String get(String name) {
        return find(name)
                .orElseThrow(() -> new StartFailure("The secret " + name + " is missing. Run ./feira secrets."));
    }

    /** Returns a secret if it is set. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    /** Reads {@code NAME=value} lines; skips comments, blank lines and a pair of quotes around a value. */
    static Map<String, String> read(Path file) {
        var values = new LinkedHashMap<String, String>();
        for (var line : lines(file)) {
            var equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                var value = line.substring(equals + 1).strip();
                values.put(
                        line.substring(0, equals).strip(), QUOTED.matcher(value).replaceFirst("$2"));
            }
        }
        return values;
    }

    private static void append(Path file, List<String> names, String demoPassword) {
        var lines = new ArrayList<>(lines(file));
        if (!Files.exists(file)) {
            lines.add("# Generated by ./feira secrets. Do not commit it; keep it with the data that it protects.");
        }
        names.forEach(name -> lines.add(name + "=" + (name.equals(DEMO_PASSWORD) ? demoPassword : generate(name))));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // A new file and a rename: an interrupted run leaves no partial file
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

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new StartFailure("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String generate(String name) {
        return switch (name) {
            // AES-256 needs exactly 32 bytes, in ordinary base64
            case "FEIRA_KEY_ENCRYPTION_SECRET" -> Base64.getEncoder().encodeToString(bytes(32));
            // Users type this one: 20 letters and digits that are hard to confuse, 99 bits
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
        var letters = RANDOM.ints(20, 0, LETTERS.length())
                .mapToObj(index -> LETTERS.substring(index, index + 1))
                .collect(Collectors.joining());
        return letters.replaceAll("(.{5})(?!$)", "$1-");
    }
}
