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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTests {

    @TempDir
    Path folder;

    private PlatformOptions options;

    @BeforeEach
    void project() throws IOException {
        // The unpacked PostgreSQL of the real project: unpacking it for each test would be most of the time
        var cache = Files.createDirectories(PlatformOptions.findHome().resolve(".feira/cache"));
        Files.createSymbolicLink(
                Files.createDirectories(folder.resolve(".feira")).resolve("cache"), cache);
        options = PlatformOptions.temporary()
                .withHome(PretendService.project(folder))
                .withStartTimeout(Duration.ofSeconds(60));
    }

    @Test
    void everythingIsHealthyOnPortsOfItsOwnAndGoneAfterClosing() {
        List<Long> pids;
        Path data;
        try (var platform = Platform.start(options)) {
            assertThat(platform.instances()).hasSize(5).allMatch(Instance::isHealthy);
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
    void eachServiceSeesItsOwnSecretsAndNoOther() throws Exception {
        try (var platform = Platform.start(options)) {
            for (var service : Service.values()) {
                var said = said(platform.instances(service).getFirst());
                for (var name : Secrets.NAMES) {
                    var secret = platform.secrets().get(name);
                    var mayKnow = service.secretVariables().contains(name) || name.equals(service.passwordVariable());
                    assertThat(said.contains(secret))
                            .as(service + " knows " + name)
                            .isEqualTo(mayKnow);
                }
            }
        }
    }

    @Test
    void theGatewayAndOrderServiceAreToldOfEachFurtherReplica() throws Exception {
        try (var platform = Platform.start(
                options.withReplicas(Service.ORDER, 2).withArguments(Service.ORDER, "--feira.orders.page-size=7"))) {
            var replicas = platform.instances(Service.ORDER);
            assertThat(replicas).extracting(Instance::name).containsExactly("order-service", "order-service-2");
            var second = "--spring.cloud.discovery.client.simple.instances.order-service[1].uri=http://127.0.0.1:"
                    + replicas.getLast().port();

            assertThat(said(platform.instances(Service.GATEWAY).getFirst()))
                    .contains(
                            second,
                            "FEIRA_ORDER_URL=http://127.0.0.1:"
                                    + replicas.getFirst().port());
            assertThat(said(replicas.getLast())).contains(second, "--feira.orders.page-size=7");
        }
    }

    @Test
    void aKilledReplicaComesBackOnItsPortsWhenItIsRestarted() {
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
    void aPausedReplicaIsThereAndDoesNotAnswer() {
        try (var platform = Platform.start(options)) {
            var catalog = platform.instances(Service.CATALOG).getFirst();

            platform.pause(catalog);
            // the kernel stops its threads one by one, after the signal was accepted
            await().atMost(Duration.ofSeconds(10)).until(() -> !catalog.isHealthy());
            assertThat(catalog.isAlive()).isTrue();

            platform.resume(catalog);
            await().atMost(Duration.ofSeconds(10)).until(catalog::isHealthy);
        }
    }

    @Test
    void aReplicaThatEndsByItselfIsStartedAgainWhereThatIsWanted() {
        try (var platform = Platform.start(options.withRestartEnded(true))) {
            var user = platform.instances(Service.USER).getFirst();
            var pid = user.pid();

            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(30)).until(() -> user.pid() != pid && user.isHealthy());
        }
    }

    @Test
    void theDatabaseStopsLast() {
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

        assertThat(ended).hasSize(6).startsWith("gateway-service").endsWith("postgres");
    }

    @Test
    void aFailedStartNamesTheServiceTheCauseAndTheLogAndLeavesNothingRunning() {
        var data = folder.resolve("data");

        var failure = catchThrowableOfType(
                StartFailure.class,
                () -> Platform.start(options.withData(data).withArguments(Service.USER, "--pretend=broken")));

        assertThat(failure).hasMessage("user-service did not start: The property feira.pretend.secret is missing.");
        assertThat(failure.log())
                .isEqualTo(data.resolve("logs/user-service.log"))
                .exists();
        assertThat(RunState.read(data)).isEmpty();
        assertThat(ProcessHandle.current().descendants().map(ProcessHandle::info))
                .noneMatch(info -> info.commandLine().orElse("").contains(folder.toString()));
    }

    @Test
    void aServiceThatIsNeverHealthyIsNamed() {
        var impatient = options.withStartTimeout(Duration.ofSeconds(5)).withArguments(Service.CATALOG, "--pretend=ill");

        assertThatThrownBy(() -> Platform.start(impatient))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("catalog-service did not start");
    }

    @Test
    void aPortInUseIsNamedWithTheProcessThatHasIt() throws IOException {
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
    void aServiceThatIsNotBuiltIsNamed() throws IOException {
        Files.delete(folder.resolve("catalog-service/target/catalog-service-1.0.jar"));

        assertThatThrownBy(() -> Platform.start(options))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("catalog-service is not built");
    }

    @Test
    void twoPlatformsDoNotRunOnOneFolder() {
        var kept = options.withData(folder.resolve("data"));
        try (var _ = Platform.start(kept)) {
            assertThatThrownBy(() -> Platform.start(kept))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("already runs here");
        }
    }

    @Test
    void whatIsKeptIsThereAtTheNextStartUnlessItIsToBeFresh() throws Exception {
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

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static String said(Instance instance) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + instance.port() + "/");
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
