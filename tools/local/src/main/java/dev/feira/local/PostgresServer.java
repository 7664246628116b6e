package dev.feira.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL 18 of one platform: one database and one role per service, no role can connect to another's
 * database.
 *
 * <p>Started by {@code pg_ctl}, so that it has a session of its own: Ctrl-C in the terminal reaches only the launcher,
 * which stops the services first. PostgreSQL refuses to run as root; there it runs inside a user namespace, where root
 * is nobody.
 */
public final class PostgresServer implements Component {

    private static final String SUPERUSER = "postgres";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supplier<Path> binaries;
    private final Path data;
    private final Path logFile;
    private final int port;
    private final Secrets secrets;
    private volatile State state = State.WAITING;
    private volatile @Nullable ProcessHandle postmaster;
    private volatile long startedAt = System.nanoTime();
    private volatile Duration startTime = Duration.ZERO;
    private volatile String detail = "";
    private volatile boolean closed;

    /** @param binaries gives the folder with PostgreSQL's programs; the first time it may unpack them */
    PostgresServer(Supplier<Path> binaries, Path data, Path logFile, int port, Secrets secrets) {
        this.binaries = binaries;
        this.data = data.toAbsolutePath();
        this.logFile = logFile.toAbsolutePath();
        this.port = port;
        this.secrets = secrets;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public State state() {
        return state == State.HEALTHY && !isAlive() ? State.ENDED : state;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        var process = postmaster;
        return process == null ? 0 : process.pid();
    }

    @Override
    public Path logFile() {
        return logFile;
    }

    @Override
    public Duration startTime() {
        return state == State.STARTING ? Duration.ofNanos(System.nanoTime() - startedAt) : startTime;
    }

    @Override
    public Optional<String> detail() {
        return Optional.of(detail).filter(text -> !text.isEmpty());
    }

    /** Where one service's database is, without user and password. */
    public String jdbcUrl(Service service) {
        return jdbcUrl(service.database());
    }

    /** A connection to one service's database as that service's own role. */
    public Connection connect(Service service) throws SQLException {
        return DriverManager.getConnection(
                jdbcUrl(service), service.database(), secrets.get(service.passwordVariable()));
    }

    /** A connection to any database as the superuser, for what no service may do. */
    public Connection connectAsSuperuser(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", secrets.get("POSTGRES_PASSWORD"));
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Ends it at once, as a crash or a lost machine would (SIGKILL); waits until all its processes are gone. */
    public void kill() {
        var process = postmaster;
        if (process != null) {
            var children = process.children().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            Processes.await(Duration.ofSeconds(10), () -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
        state = State.ENDED;
    }

    /**
     * Starts it on the data it has, creating what is missing: the cluster, roles, databases. Ends a server that an
     * earlier launcher left running on the same data.
     *
     * @throws StartFailure it does not come up, or is closed meanwhile
     */
    public synchronized void start() {
        startedAt = System.nanoTime();
        state = State.STARTING;
        try {
            refuseWhenClosed();
            detail = "unpacking PostgreSQL";
            var _ = binaries.get();
            endLeftover();
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                detail = "creating the database cluster";
                initialize();
            }
            refuseWhenClosed();
            detail = "starting the server";
            launch();
            refuseWhenClosed();
            detail = "creating databases and roles";
            createDatabases();
        } catch (IOException | SQLException e) {
            state = State.ENDED;
            throw failure(e);
        } catch (StartFailure e) {
            state = State.ENDED;
            throw e;
        }
        startTime = Duration.ofNanos(System.nanoTime() - startedAt);
        detail = "";
        state = State.HEALTHY;
    }

    /** Deletes all data, after stopping the server that may still run on it; killed half way, it leaves no half of it. */
    synchronized void deleteData() {
        refuseWhenClosed();
        try {
            endLeftover();
            var old = beside(data, ".old");
            PostgresBinaries.deleteTree(old);
            if (Files.exists(data)) {
                Files.move(data, old, StandardCopyOption.ATOMIC_MOVE);
                PostgresBinaries.deleteTree(old);
            }
        } catch (IOException e) {
            throw new StartFailure("Cannot delete " + data + ": " + e.getMessage(), e);
        }
    }

    /** Stops it for good: a start under way ends after the step that it is in, and none begins any more. */
    void close() {
        closed = true;
        stop();
    }

    /** Stops it in order: connections are closed, everything committed is on disk. Waits for a start under way. */
    synchronized void stop() {
        if (isAlive()) {
            try {
                control("-m", "fast", "-t", "30", "stop");
                // pg_ctl returns when the lock file is gone, a moment before the process is
                Processes.await(Duration.ofSeconds(5), () -> !isAlive());
            } catch (IOException e) {
                kill();
            }
        }
        state = State.ENDED;
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw new StartFailure("Feira is being stopped.");
        }
    }

    private boolean isAlive() {
        var process = postmaster;
        return process != null && process.isAlive();
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private StartFailure failure(Exception e) {
        var message = String.valueOf(e.getMessage());
        if (e instanceof SQLException sql && "28P01".equals(sql.getSQLState())) {
            return new StartFailure(
                    name(),
                    "its data in " + data + " was made with other secrets than those in " + Secrets.EMBEDDED
                            + ". Put the old file back, or start with --fresh, which deletes the data.",
                    logFile);
        }
        if (message.contains("unshare")) {
            return new StartFailure(
                    name(),
                    "PostgreSQL does not run as root, and this machine does not allow user namespaces. "
                            + "Run Feira as an ordinary user.",
                    logFile);
        }
        var fatal = new LogFile(logFile, 0)
                .lines(8 * 1024).stream()
                        .filter(line -> line.contains("FATAL:"))
                        .reduce((first, second) -> second)
                        .map(line -> line.substring(line.indexOf("FATAL:") + 6).strip());
        return new StartFailure(name(), fatal.orElse(message.lines().findFirst().orElse(message)), logFile);
    }

    private void initialize() throws IOException {
        Files.createDirectories(data.getParent());
        // Beside its place: initdb writes PG_VERSION first, so half a cluster of a killed one would look like a whole
        // one
        var fresh = beside(data, ".new");
        PostgresBinaries.deleteTree(fresh);
        PostgresBinaries.deleteTree(beside(data, ".old"));
        var password = Files.createTempFile(
                "feira", ".pw", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(password, secrets.get("POSTGRES_PASSWORD") + "\n");
            // Unicode rules from PostgreSQL itself, so that lower('É') does not depend on the machine
            var ctype = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "UTF-8" : "C.UTF-8";
            Processes.run(
                    command(
                            "initdb",
                            List.of(
                                    "--pgdata=" + fresh,
                                    "--username=" + SUPERUSER,
                                    "--pwfile=" + password,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--lc-ctype=" + ctype,
                                    "--locale-provider=builtin",
                                    "--builtin-locale=C.UTF-8",
                                    "--no-instructions")),
                    PATIENCE);
        } finally {
            Files.deleteIfExists(password);
        }
        PostgresBinaries.deleteTree(data);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path beside(Path data, String ending) {
        return data.resolveSibling(data.getFileName() + ending);
    }

    private void launch() throws IOException {
        Files.createDirectories(logFile.getParent());
        var settings = new ArrayList<String>();
        settings.add("-p " + port);
        List.of(
                        "listen_addresses=127.0.0.1",
                        // TCP only: the socket's path would be too long in a deep folder, and all clients are Java
                        "unix_socket_directories=",
                        "cluster_name=feira",
                        "timezone=UTC",
                        "log_timezone=UTC",
                        // Five services with a bounded pool each, and room for replicas
                        "max_connections=200",
                        // The data of a market stall: small, and gone when the laptop is needed for something else
                        "shared_buffers=32MB",
                        "max_wal_size=256MB",
                        "max_worker_processes=2",
                        "max_parallel_workers_per_gather=0",
                        "io_method=sync",
                        "jit=off",
                        // No replicas to feed: less to write
                        "wal_level=minimal",
                        "max_wal_senders=0")
                .forEach(setting -> settings.add("-c " + setting));
        try {
            control("-w", "-t", "60", "-l", logFile.toString(), "-o", String.join(" ", settings), "start");
        } finally {
            // pg_ctl that gave up waiting leaves a server behind, which has to be stopped too
            postmaster = readPostmaster().orElse(null);
        }
        if (postmaster == null) {
            throw new IOException("the server ended directly after its start");
        }
    }

    private void control(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of("-D", data.toString(), "-s"));
        all.addAll(List.of(arguments));
        // pg_ctl passes its output on to the server, which would keep our pipe open: it goes to the server's log
        var process = new ProcessBuilder(command("pg_ctl", all))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
        process.getOutputStream().close();
        if (!Processes.await(PATIENCE.plusSeconds(5), () -> !process.isAlive())) {
            process.destroyForcibly();
            throw new IOException("pg_ctl did not end within " + PATIENCE.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(new LogFile(logFile, 0).failureCause().orElse("pg_ctl failed"));
        }
    }

    private List<String> command(String program, List<String> arguments) {
        var command = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(binaries.get().resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    private Optional<ProcessHandle> readPostmaster() {
        try {
            var pid = Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip();
            return ProcessHandle.of(Long.parseLong(pid)).filter(PostgresServer::isPostgres);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** After a crash the file may name a process that is something else by now. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("postgres"))
                .orElse(true);
    }

    /** Stops the server that still runs on this data, if there is one. */
    private void endLeftover() throws IOException {
        var leftover = readPostmaster();
        if (leftover.isPresent()) {
            Processes.run(
                    command("pg_ctl", List.of("-D", data.toString(), "-s", "-m", "fast", "-w", "stop")), PATIENCE);
            Processes.await(Duration.ofSeconds(5), () -> !leftover.get().isAlive());
        }
    }

    private void createDatabases() throws SQLException {
        try (var connection = connectAsSuperuser("postgres");
                var statement = connection.createStatement()) {
            // Every role is a member of PUBLIC: what it may not do must be taken from PUBLIC
            statement.execute("REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC");
            statement.execute("REVOKE CONNECT, TEMPORARY ON DATABASE template1 FROM PUBLIC");
            for (var service : Service.values()) {
                createDatabase(statement, service);
            }
        }
    }

    private void createDatabase(Statement statement, Service service) throws SQLException {
        var name = statement.enquoteIdentifier(service.database(), true);
        var password = statement.enquoteLiteral(secrets.get(service.passwordVariable()));
        if (isMissing(
                statement, "SELECT 1 FROM pg_roles WHERE rolname = " + statement.enquoteLiteral(service.database()))) {
            statement.execute("CREATE ROLE " + name + " LOGIN");
        }
        statement.execute("ALTER ROLE " + name + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD " + password);
        if (isMissing(
                statement,
                "SELECT 1 FROM pg_database WHERE datname = " + statement.enquoteLiteral(service.database()))) {
            statement.execute("CREATE DATABASE " + name + " OWNER " + name);
        }
        statement.execute("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
    }

    private static boolean isMissing(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }
}
