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
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL 18 of one platform: a database and a role per service; a role can connect to its own database
 * only.
 *
 * <p>{@code pg_ctl} starts it in a session of its own, so that Ctrl-C reaches only the launcher, which stops the services
 * first. PostgreSQL does not run as root; root starts it in a user namespace. Decision record 0024 says why this is not
 * {@code EmbeddedPostgres}.
 */
public final class PostgresServer extends Component {

    private static final String SUPERUSER = "postgres";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            // TCP only: a socket's path would be too long in a deep folder, and all clients are Java
            "unix_socket_directories=",
            "cluster_name=feira",
            "timezone=UTC",
            "log_timezone=UTC",
            // Five services with a bounded pool each, and more for replicas
            "max_connections=200",
            // PostgreSQL's own default; it takes only as much memory as there is data
            "shared_buffers=128MB",
            "wal_buffers=1MB",
            "max_wal_size=256MB",
            "max_worker_processes=2",
            "max_parallel_workers_per_gather=0",
            "io_method=sync",
            "jit=off",
            // No standby servers: less to write
            "wal_level=minimal",
            "max_wal_senders=0");

    private final Supplier<Path> binaries;
    private final Path data;
    private final Secrets secrets;
    private volatile @Nullable ProcessHandle postmaster;
    private volatile String detail = "";
    private volatile boolean closed;

    /** @param binaries returns the folder of PostgreSQL's programs; the first call may unpack them */
    PostgresServer(Supplier<Path> binaries, Path data, Path logFile, int port, Secrets secrets) {
        super("postgres", port, logFile);
        this.binaries = binaries;
        this.data = data.toAbsolutePath();
        this.secrets = secrets;
    }

    @Override
    public State state() {
        return super.state() == State.HEALTHY && !isAlive() ? State.ENDED : super.state();
    }

    @Override
    public long pid() {
        var process = postmaster;
        return process == null ? 0 : process.pid();
    }

    @Override
    public Optional<String> detail() {
        return Optional.of(detail).filter(text -> !text.isEmpty());
    }

    /** Returns the JDBC URL of one service's database, without user and password. */
    public String jdbcUrl(Service service) {
        return jdbcUrl(service.database());
    }

    /** Connects to one service's database as that service's role. */
    public Connection connect(Service service) throws SQLException {
        return DriverManager.getConnection(
                jdbcUrl(service), service.database(), secrets.get(service.passwordVariable()));
    }

    /** Connects to any database as the superuser. */
    public Connection connectAsSuperuser(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", secrets.get("POSTGRES_PASSWORD"));
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Kills it (SIGKILL), as a crash would; waits until all its processes are gone. */
    public void kill() {
        var process = postmaster;
        if (process != null) {
            var children = process.children().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            Processes.await(Duration.ofSeconds(10), () -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
        ended();
    }

    /**
     * Starts it on its data and creates the cluster, roles and databases that are missing. First stops a server that an
     * earlier launcher left running on the same data.
     *
     * @throws StartFailure it does not start, or is closed in the meantime
     */
    public synchronized void start() {
        starting();
        try {
            checkNotClosed();
            detail = "unpacking PostgreSQL";
            var _ = binaries.get();
            stopLeftover();
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                detail = "creating the database cluster";
                initialize();
            }
            checkNotClosed();
            detail = "starting the server";
            launch();
            checkNotClosed();
            detail = "creating databases and roles";
            createDatabases();
        } catch (IOException | SQLException e) {
            ended();
            throw failure(e);
        } catch (StartFailure e) {
            ended();
            throw e;
        }
        detail = "";
        healthy();
    }

    /** Stops a server that still runs on the data and deletes all data; an interrupted deletion leaves no partial data. */
    synchronized void deleteData() {
        checkNotClosed();
        try {
            stopLeftover();
            var old = beside(data, ".old");
            FileUtils.deleteDirectory(old.toFile());
            if (Files.exists(data)) {
                Files.move(data, old, StandardCopyOption.ATOMIC_MOVE);
                FileUtils.deleteDirectory(old.toFile());
            }
        } catch (IOException e) {
            throw new StartFailure("Cannot delete " + data + ": " + e.getMessage(), e);
        }
    }

    /** Stops it permanently: a start in progress ends after its current step, and later starts fail. */
    void close() {
        closed = true;
        stop();
    }

    /** Stops it gracefully: closes connections and writes a checkpoint. Waits for a start in progress. */
    synchronized void stop() {
        if (isAlive()) {
            try {
                pgCtl("-m", "fast", "-t", "30", "stop");
                // pg_ctl returns when the lock file is gone, a moment before the process is
                Processes.await(Duration.ofSeconds(5), () -> !isAlive());
            } catch (IOException e) {
                kill();
            }
        }
        ended();
    }

    private void checkNotClosed() {
        if (closed) {
            throw new StartFailure("Feira is being stopped.");
        }
    }

    private boolean isAlive() {
        var process = postmaster;
        return process != null && process.isAlive();
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    private StartFailure failure(Exception e) {
        var message = String.valueOf(e.getMessage());
        if (e instanceof SQLException sql && "28P01".equals(sql.getSQLState())) {
            return new StartFailure(
                    name(),
                    "its data in " + data + " was created with other secrets than those in " + Secrets.EMBEDDED
                            + ". Restore the old file, or start with --fresh, which deletes the data.",
                    logFile());
        }
        if (message.contains("unshare")) {
            return new StartFailure(
                    name(),
                    "PostgreSQL does not run as root, and this machine forbids user namespaces. "
                            + "Run Feira as an ordinary user.",
                    logFile());
        }
        var fatal = new LogFile(logFile(), 0)
                .lines(8 * 1024).stream()
                        .filter(line -> line.contains("FATAL:"))
                        .reduce((first, second) -> second)
                        .map(line -> line.substring(line.indexOf("FATAL:") + 6).strip());
        return new StartFailure(name(), fatal.orElse(message.lines().findFirst().orElse(message)), logFile());
    }

    private void initialize() throws IOException {
        Files.createDirectories(data.getParent());
        // In a folder of its own: initdb writes PG_VERSION first, so an interrupted one would look complete
        var fresh = beside(data, ".new");
        FileUtils.deleteDirectory(fresh.toFile());
        FileUtils.deleteDirectory(beside(data, ".old").toFile());
        var password = Files.createTempFile(
                "feira", ".pw", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(password, secrets.get("POSTGRES_PASSWORD") + "\n");
            // PostgreSQL's own Unicode rules, so that lower('É') does not depend on the machine
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
                    TIMEOUT);
        } finally {
            Files.deleteIfExists(password);
        }
        FileUtils.deleteDirectory(data.toFile());
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path beside(Path data, String ending) {
        return data.resolveSibling(data.getFileName() + ending);
    }

    private void launch() throws IOException {
        Files.createDirectories(logFile().getParent());
        var options = "-p " + port() + " -c " + String.join(" -c ", SETTINGS);
        try {
            pgCtl("-w", "-t", "60", "-l", logFile().toString(), "-o", options, "start");
        } finally {
            // pg_ctl leaves a server behind when its timeout is over; it is stopped too
            postmaster = readPostmaster().orElse(null);
        }
        if (postmaster == null) {
            throw new IOException("the server ended directly after its start");
        }
    }

    private void pgCtl(String... arguments) throws IOException {
        var all = new ArrayList<>(List.of("-D", data.toString(), "-s"));
        all.addAll(List.of(arguments));
        Processes.run(command("pg_ctl", all), TIMEOUT.plusSeconds(5));
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

    /** Process ids are used again: after a crash the file may contain the id of another program. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("postgres"))
                .orElse(true);
    }

    /** Stops a server that still runs on this data. */
    private void stopLeftover() throws IOException {
        var leftover = readPostmaster();
        if (leftover.isPresent()) {
            pgCtl("-m", "fast", "-w", "stop");
            Processes.await(Duration.ofSeconds(5), () -> !leftover.get().isAlive());
        }
    }

    private void createDatabases() throws SQLException {
        try (var connection = connectAsSuperuser("postgres");
                var statement = connection.createStatement()) {
            // Every role is a member of PUBLIC, which may connect by default
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
