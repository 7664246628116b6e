package dev.feira.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private PlatformOptions options;

    @BeforeEach
    void project() throws IOException {
        options = PlatformOptions.temporary()
                .withHome(FakeService.project(folder))
                .withStartTimeout(Duration.ofSeconds(60));
    }

    @Test
    void startsAllServicesOnFreePortsAndStopsThemOnClose() {
        List<Long> pids;
        Path data;
        try (var platform = Platform.start(options)) {
            assertThat(platform.instances()).hasSameSizeAs(Service.values()).allMatch(Instance::isHealthy);
            assertThat(platform.postgres().state()).isEqualTo(Component.State.HEALTHY);
            assertThat(platform.url())
                    .hasToString("http://localhost:"
                            + platform.instances(Service.GATEWAY).getFirst().port());
            pids = platform.instances().stream().map(Instance::pid).toList();
            data = platform.data();
        }
        assertThat(pids).noneMatch(PlatformTests::isAlive);
        assertThat(data).doesNotExist();
    }

    @Test
    void passesEachServiceOnlyItsOwnSecrets() throws Exception {
        try (var platform = Platform.start(options)) {
            for (var service : Service.values()) {
                var body = body(platform.instances(service).getFirst());
                for (var name : Secrets.NAMES) {
                    var secret = platform.secrets().get(name);
                    var mayReceive =
                            service.secretVariables().contains(name) || name.equals(service.passwordVariable());
                    assertThat(body.contains(secret))
                            .as(service + " receives " + name)
                            .isEqualTo(mayReceive);
                }
            }
        }
    }

    @Test
    void passesEveryReplicaToGatewayAndOrderService() throws Exception {
        try (var platform = Platform.start(options.withReplicas(Service.ORDER, 2)
                .withArguments(Service.ORDER, "--logging.level.dev.feira=DEBUG"))) {
            var replicas = platform.instances(Service.ORDER);
            assertThat(replicas).extracting(Instance::name).containsExactly("order-service", "order-service-2");
            var second = "--spring.cloud.discovery.client.simple.instances.order-service[1].uri=http://127.0.0.1:"
                    + replicas.getLast().port();

            assertThat(body(platform.instances(Service.GATEWAY).getFirst()))
                    .contains(
                            second,
                            "FEIRA_ORDER_URL=http://127.0.0.1:"
                                    + replicas.getFirst().port());
            assertThat(body(replicas.getLast())).contains(second, "--logging.level.dev.feira=DEBUG");
        }
    }

    @Test
    void restartsKilledReplicaOnTheSamePorts() {
        try (var platform = Platform.start(options)) {
            var order = platform.instances(Service.ORDER).getFirst();
            var pid = order.pid();
            var port = order.port();

            platform.kill(order);
            assertThat(order.isAlive()).isFalse();
            assertThat(order.state()).isEqualTo(Component.State.ENDED);

            platform.restart(order);
            assertThat(order.isHealthy()).isTrue();
            assertThat(order.pid()).isNotEqualTo(pid);
            assertThat(order.port()).isEqualTo(port);
        }
    }

    @Test
    void pausesReplicaUntilItIsResumed() {
        try (var platform = Platform.start(options)) {
            var catalog = platform.instances(Service.CATALOG).getFirst();

            platform.pause(catalog);
            // the kernel stops the threads some time after it has accepted the signal
            await().atMost(Duration.ofSeconds(10)).until(() -> !catalog.isHealthy());
            assertThat(catalog.isAlive()).isTrue();

            platform.resume(catalog);
            await().atMost(Duration.ofSeconds(10)).until(catalog::isHealthy);
        }
    }

    @Test
    void restartsEndedReplicaWhenRestartIsEnabled() {
        try (var platform = Platform.start(options.withRestartEnded(true))) {
            var user = platform.instances(Service.USER).getFirst();
            var pid = user.pid();

            endFromOutside(user);

            await().atMost(Duration.ofSeconds(30)).until(() -> user.pid() != pid && user.isHealthy());
        }
    }

    @Test
    void doublesRestartDelayWhenReplicaEndsDuringItsStart() throws IOException {
        var starts = folder.resolve("starts");
        var pauses = new CopyOnWriteArrayList<Duration>();
        var unstable = options.withRestartEnded(true)
                .withArguments(Service.USER, "--fake.starts=" + starts, "--fake.fails=2,3");
        Platform.Timer noPause = (pause, task) -> {
            pauses.add(pause);
            Thread.ofVirtual().start(task);
        };
        try (var platform = Platform.start(unstable, noPause)) {
            var user = platform.instances(Service.USER).getFirst();

            endFromOutside(user);
            await().atMost(TIMEOUT)
                    .until(() -> Files.readAllLines(starts).size() >= 4 && user.state() == Component.State.HEALTHY);
            endFromOutside(user);
            await().atMost(TIMEOUT)
                    .until(() -> Files.readAllLines(starts).size() >= 5 && user.state() == Component.State.HEALTHY);

            assertThat(pauses)
                    .as("doubled after each failure, reset after it was healthy")
                    .containsExactly(
                            Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(1));
            assertThat(starts).content().hasLineCount(5).endsWith(user.pid() + System.lineSeparator());
        }
        assertThat(Files.readAllLines(starts))
                .as("every process has been stopped")
                .noneMatch(pid -> isAlive(Long.parseLong(pid)));
    }

    @Test
    void doesNotRestartReplicaThatIsStoppedDuringTheDelay() {
        var due = new CopyOnWriteArrayList<Runnable>();
        try (var platform = Platform.start(options.withRestartEnded(true), (_, task) -> due.add(task))) {
            var user = platform.instances(Service.USER).getFirst();
            endFromOutside(user);
            await().atMost(TIMEOUT).until(() -> due.size() == 1);

            platform.stop(user);
            due.getFirst().run();

            assertThat(user.isAlive()).isFalse();
            assertThat(due).hasSize(1);
        }
    }

    @Test
    void retriesRestartWhenProcessCannotBeStarted() throws IOException {
        var due = new CopyOnWriteArrayList<Runnable>();
        var data = folder.resolve("data");
        try (var platform = Platform.start(options.withData(data).withRestartEnded(true), (_, task) -> due.add(task))) {
            var user = platform.instances(Service.USER).getFirst();
            endFromOutside(user);
            await().atMost(TIMEOUT).until(() -> due.size() == 1);

            Files.move(data.resolve("logs"), data.resolve("elsewhere"));
            Files.createFile(data.resolve("logs"));
            due.getFirst().run();
            assertThat(user.isAlive()).isFalse();
            assertThat(due).hasSize(2);

            Files.delete(data.resolve("logs"));
            due.getLast().run();
            assertThat(user.isHealthy()).isTrue();
            assertThat(due).hasSize(2);
        }
    }

    @Test
    void rejectsSecondProcessWhileTheFirstRuns() throws IOException {
        try (var http = HttpClient.newHttpClient()) {
            var instance = new Instance(Service.USER, 1, 1, 2, folder, http);
            instance.configure(List.of("sleep", "600"), Map.of());
            instance.launch();
            try {
                var first = instance.pid();

                assertThatThrownBy(instance::launch)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("user-service already runs (process " + first + ")");
                assertThat(instance.pid()).isEqualTo(first);
            } finally {
                instance.kill();
            }
        }
    }

    @Test
    void stopsDatabaseLast() {
        var ended = new CopyOnWriteArrayList<String>();
        var observer = new StartObserver() {
            @Override
            public void changed(Component component) {
                if (component.state() == Component.State.ENDED) {
                    ended.add(component.name());
                }
            }
        };

        Platform.start(options.withObserver(observer)).close();

        assertThat(ended)
                .hasSize(Service.values().length + 1)
                .startsWith("gateway-service")
                .endsWith("postgres");
    }

    @Test
    void reportsServiceCauseAndLogAndStopsEverythingWhenStartFails() {
        var data = folder.resolve("data");

        var failure = catchThrowableOfType(
                StartFailure.class,
                () -> Platform.start(options.withData(data).withArguments(Service.USER, "--fake=broken")));

        assertThat(failure).hasMessage("user-service did not start: The property feira.fake.secret is missing.");
        assertThat(failure.log())
                .isEqualTo(data.resolve("logs/user-service.log"))
                .exists();
        assertThat(RunState.read(data)).isEmpty();
        assertThat(ProcessHandle.current().descendants().map(ProcessHandle::info))
                .noneMatch(info -> info.commandLine().orElse("").contains(folder.toString()));
    }

    @Test
    void reportsServiceThatIsNotHealthyWithinTheTimeout() {
        var shortTimeout = options.withStartTimeout(Duration.ofSeconds(5)).withArguments(Service.CATALOG, "--fake=ill");

        assertThatThrownBy(() -> Platform.start(shortTimeout))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("catalog-service did not start");
    }

    @Test
    void reportsPortInUseAndItsProcess() throws IOException {
        try (var taken = new ServerSocket()) {
            var offset = freeOffset();
            taken.bind(new InetSocketAddress("127.0.0.1", 8082 + offset));

            assertThatThrownBy(() -> Platform.start(options.withPortOffset(offset)))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("Port " + (8082 + offset) + ", which order-service needs, is in use by ")
                    .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void reportsServiceThatIsNotBuilt() throws IOException {
        Files.delete(folder.resolve("catalog-service/target/catalog-service-1.0.jar"));

        assertThatThrownBy(() -> Platform.start(options))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("catalog-service is not built");
    }

    @Test
    void writesRunStateBeforeAnyProcessStarts() {
        var data = folder.resolve("data");
        var seen = new CompletableFuture<Optional<RunState>>();
        var observer = new StartObserver() {
            @Override
            public void begins(List<? extends Component> components) {
                seen.complete(RunState.read(data));
            }
        };

        Platform.start(options.withData(data).withObserver(observer)).close();

        var state = seen.join().orElseThrow();
        assertThat(state.launcher().process()).contains(ProcessHandle.current());
        assertThat(state.parts()).hasSize(Service.values().length + 1).allMatch(RunState.Part::isWaiting);
        assertThat(RunState.read(data)).isEmpty();
    }

    @Test
    void rejectsLaunchWhilePlatformCloses() throws Exception {
        var platform = Platform.start(options);
        var user = platform.instances(Service.USER).getFirst();
        var launching = new FutureTask<Void>(() -> platform.launchAgain(user), null);
        try {
            platform.stop(user);
            // Launch and close need this lock, so neither begins while the test holds it
            synchronized (platform) {
                var thread = Thread.ofPlatform().start(launching);
                await().atMost(TIMEOUT).until(() -> thread.getState() == Thread.State.BLOCKED || !thread.isAlive());
                assertThat(user.isAlive()).as("launched without the lock").isFalse();
                platform.close();
            }
        } finally {
            platform.close();
        }

        assertThatThrownBy(launching::get).hasRootCauseMessage("Feira is being stopped.");
        assertThat(user.isAlive()).isFalse();
    }

    @Test
    void rejectsSecondPlatformInTheSameFolder() {
        var kept = options.withData(folder.resolve("data"));
        try (var _ = Platform.start(kept)) {
            assertThatThrownBy(() -> Platform.start(kept))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("already runs here");
        }
    }

    @Test
    void keepsDataBetweenStartsUnlessFresh() throws Exception {
        var kept = options.withData(folder.resolve("data"));
        try (var platform = Platform.start(kept);
                var connection = platform.postgres().connect(Service.ORDER);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept ()");
        }
        try (var platform = Platform.start(kept);
                var connection = platform.postgres().connect(Service.ORDER);
                var statement = connection.createStatement()) {
            statement.execute("SELECT FROM kept");
        }
        try (var platform = Platform.start(kept.withFresh(true));
                var connection = platform.postgres().connect(Service.ORDER);
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT FROM kept")).hasMessageContaining("does not exist");
        }
    }

    private static int freeOffset() {
        return Ports.free() - 8080;
    }

    private static void endFromOutside(Instance instance) {
        ProcessHandle.of(instance.pid()).orElseThrow().destroyForcibly();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static String body(Instance instance) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + instance.port() + "/");
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
