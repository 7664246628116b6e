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

/** Runs {@code kubectl} in the platform's namespace, {@code -Dfeira.namespace}. */
final class Cluster {

    private static final Duration TIMEOUT = Duration.ofMinutes(8);

    private final String namespace;

    private Cluster(String namespace) {
        this.namespace = namespace;
    }

    /** Returns the cluster; skips the test where {@code -Dfeira.namespace} is not set. */
    static Cluster required() {
        var namespace = System.getProperty("feira.namespace", "");
        assumeFalse(namespace.isBlank(), "This test needs a cluster: -Dfeira.namespace=feira with -Dfeira.url=…");
        return new Cluster(namespace);
    }

    String namespace() {
        return namespace;
    }

    /** The exit code of a command, with standard output and errors. */
    record Outcome(int exitCode, String output) {}

    /** Runs {@code kubectl}, fails unless it succeeds, and returns its output. */
    String kubectl(String... arguments) {
        var outcome = tryKubectl(arguments);
        assertThat(outcome.exitCode)
                .as("kubectl %s: %s", List.of(arguments), outcome.output)
                .isZero();
        return outcome.output;
    }

    /** Runs {@code kubectl} and returns its outcome. */
    Outcome tryKubectl(String... arguments) {
        var command = Stream.concat(Stream.of("kubectl", "--namespace", namespace), Stream.of(arguments))
                .toList();
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends in time", command)
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
     * Requests {@code url} from inside a service's pod with the health check of its image, which has no shell. Returns an empty
     * text for a 200, else the status and body or the error, each with a line of kubectl.
     */
    String request(String pod, String url) {
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

    /** Waits until the rollout of {@code deployment} is complete and the old pods have ended. */
    void awaitRollout(String deployment) {
        awaitNewPods(deployment);
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

    /** Waits until the new pods of {@code deployment} are ready; old pods may still be terminating. */
    void awaitNewPods(String deployment) {
        kubectl("rollout", "status", "deployment/" + deployment, "--timeout=" + TIMEOUT.toSeconds() + "s");
    }

    void scale(String deployment, int replicas) {
        kubectl("scale", "deployment/" + deployment, "--replicas=" + replicas);
        awaitNewPods(deployment);
    }

    /** Returns the node of each ready endpoint. */
    List<String> nodesOfReadyPods(String service) {
        return kubectl(
                        "get",
                        "endpointslices",
                        "--selector=kubernetes.io/service-name=" + service,
                        "--output=jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.nodeName}{\"\\n\"}{end}")
                .lines()
                .toList();
    }

    /** Returns the pods of the ready endpoints: those that receive requests. */
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
