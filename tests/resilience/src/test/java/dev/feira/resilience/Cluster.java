package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The namespace that the platform under test runs in, {@code -Dfeira.namespace=feira}, by {@code kubectl}. */
final class Cluster {

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private final String namespace;

    private Cluster(String namespace) {
        this.namespace = namespace;
    }

    /** For tests that roll, scale and kill pods; they are skipped where the platform is in no cluster. */
    static Cluster required() {
        var namespace = System.getProperty("feira.namespace", "");
        assumeFalse(namespace.isBlank(), "This test needs a cluster: -Dfeira.namespace=feira with -Dfeira.url=…");
        return new Cluster(namespace);
    }

    String namespace() {
        return namespace;
    }

    /** What a command came to: its exit code, and what it printed, errors among it. */
    record Outcome(int exitCode, String output) {}

    /** Runs {@code kubectl}, which has to succeed, and returns what it printed. */
    String kubectl(String... arguments) {
        var outcome = tryKubectl(arguments);
        assertThat(outcome.exitCode)
                .as("kubectl %s: %s", List.of(arguments), outcome.output)
                .isZero();
        return outcome.output;
    }

    /** Runs {@code kubectl}, which may fail. */
    Outcome tryKubectl(String... arguments) {
        var command = Stream.concat(Stream.of("kubectl", "--namespace", namespace), Stream.of(arguments))
                .toList();
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            return new Outcome(process.exitValue(), output.strip());
        } catch (IOException e) {
            throw new IllegalStateException("kubectl is needed for these tests", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Asks {@code url} from inside a service's pod: the images have no shell but a class that asks. Returns nothing where the
     * answer is 200, another status with its body, or why there is no answer, both with a line of kubectl's.
     */
    String ask(String pod, String url) {
        return tryKubectl(
                        "exec",
                        pod,
                        "--",
                        "java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx16m",
                        "-cp",
                        "/app/health",
                        "dev.feira.defaults.health.HealthCheck",
                        url)
                .output()
                .replaceFirst("(?m)^NOTE: Picked up JDK_JAVA_OPTIONS.*\\R?", "");
    }

    /** Waits until the newest version of {@code deployment} is all there, and the old one gone. */
    void awaitRollout(String deployment) {
        awaitNewest(deployment);
        await("the old pods of " + deployment + " have ended")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> kubectl(
                                "get",
                                "pods",
                                "--selector=app.kubernetes.io/name=" + deployment,
                                "--output=jsonpath={.items[*].metadata.deletionTimestamp}")
                        .isEmpty());
    }

    /** Waits until the newest version of {@code deployment} is all there; pods of the old one may be about to end. */
    void awaitNewest(String deployment) {
        kubectl("rollout", "status", "deployment/" + deployment, "--timeout=" + PATIENCE.toSeconds() + "s");
    }

    void scale(String deployment, int replicas) {
        kubectl("scale", "deployment/" + deployment, "--replicas=" + replicas);
        awaitNewest(deployment);
    }

    /** Where the pods are that Kubernetes sends requests to. */
    List<String> nodesOfReadyPods(String service) {
        return kubectl(
                        "get",
                        "endpointslices",
                        "--selector=kubernetes.io/service-name=" + service,
                        "--output=jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.nodeName}{\"\\n\"}{end}")
                .lines()
                .toList();
    }

    /** The pods that Kubernetes sends requests to: ready, and not about to end. */
    List<String> readyPods(String service) {
        return kubectl(
                        "get",
                        "endpointslices",
                        "--selector=kubernetes.io/service-name=" + service,
                        "--output=jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.targetRef.name}{\"\\n\"}{end}")
                .lines()
                .sorted()
                .toList();
    }
}
