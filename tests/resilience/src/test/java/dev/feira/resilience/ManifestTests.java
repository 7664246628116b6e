package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.local.PlatformOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Renders the manifests by {@code kubectl kustomize} for each row of docs/clusters.md, and checks what such a cluster needs.
 * Needs kubectl, and no cluster.
 */
class ManifestTests {

    private static final List<String> COMPONENTS = List.of("postgres", "payment-simulator", "network-policies");
    private static final String NAME = "app.kubernetes.io/name";
    private static final Map<List<String>, Manifests> RENDERED = new HashMap<>();
    private static final Destination COREDNS =
            Destination.pod("10.244.0.2", "kube-system", Map.of("k8s-app", "kube-dns"));

    /** What differs between clusters: where DNS and the API server are, as a network policy sees them. */
    enum Cluster {
        KUBEADM_CALICO(COREDNS, 53, Destination.node("192.168.1.10"), 6443),
        KUBEADM_CILIUM(COREDNS, 53, Destination.ciliumNode("192.168.1.10"), 6443),
        KIND(COREDNS, 53, Destination.node("172.18.0.2"), 6443),
        K3S(COREDNS, 53, Destination.node("10.0.0.4"), 6443),
        MICROK8S(COREDNS, 53, Destination.node("10.0.0.4"), 16443),
        EKS(COREDNS, 53, Destination.node("172.31.40.7"), 443),
        GKE_NODE_LOCAL_DNS(Destination.ciliumNode("169.254.20.10"), 53, Destination.node("203.0.113.10"), 443),
        AKS(COREDNS, 53, Destination.node("203.0.113.20"), 443),
        OPENSHIFT(
                Destination.pod(
                        "10.128.0.9", "openshift-dns", Map.of("dns.operator.openshift.io/daemonset-dns", "default")),
                5353,
                Destination.node("10.0.0.5"),
                6443,
                "openshift"),
        IPV6_ONLY(
                Destination.pod("fd00:10:244::2", "kube-system", Map.of("k8s-app", "kube-dns")),
                53,
                Destination.node("fd00:10::4"),
                6443);

        private final Destination dns;
        private final int dnsPort;
        private final Destination apiServer;
        private final int apiServerPort;
        private final List<String> components;

        Cluster(Destination dns, int dnsPort, Destination apiServer, int apiServerPort, String... components) {
            this.dns = dns;
            this.dnsPort = dnsPort;
            this.apiServer = apiServer;
            this.apiServerPort = apiServerPort;
            this.components = Stream.concat(COMPONENTS.stream(), Arrays.stream(components))
                    .toList();
        }
    }

    /** The other end of a connection: a pod with labels, or a host. Cilium matches no ipBlock with a node of the cluster. */
    private record Destination(String address, boolean inRanges, String namespace, Map<String, String> labels) {

        static Destination pod(String address, String namespace, Map<String, String> labels) {
            return new Destination(address, true, namespace, labels);
        }

        static Destination node(String address) {
            return new Destination(address, true, "", Map.of());
        }

        static Destination ciliumNode(String address) {
            return new Destination(address, false, "", Map.of());
        }
    }

    @BeforeAll
    static void findsKubectl() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl"))),
                "kubectl is not installed");
    }

    @ParameterizedTest
    @EnumSource
    void permitsWhatAPodNeedsAndDeniesTheRest(Cluster cluster) throws Exception {
        var manifests = render(cluster.components);
        var internet = Destination.node("198.51.100.1");
        for (var pod : pods(manifests)) {
            var name = pod.get(NAME);
            assertThat(manifests.permits(pod, cluster.dns, cluster.dnsPort, "UDP"))
                    .as("%s → DNS by UDP", name)
                    .isTrue();
            assertThat(manifests.permits(pod, cluster.dns, cluster.dnsPort, "TCP"))
                    .as("%s → DNS by TCP", name)
                    .isTrue();
            assertThat(manifests.permits(pod, cluster.apiServer, cluster.apiServerPort, "TCP"))
                    .as("%s → API server", name)
                    .isEqualTo(List.of("gateway-service", "order-service").contains(name));
            assertThat(manifests.permits(
                            pod, Destination.pod("10.244.0.9", "shop", Map.of(NAME, "postgres")), 5432, "TCP"))
                    .as("%s → database", name)
                    .isEqualTo(!"postgres".equals(name));
            for (var port : List.of(22, 80, 443, 5432, 8080)) {
                assertThat(manifests.permits(pod, internet, port, "TCP"))
                        .as("%s → internet, port %d", name, port)
                        .isEqualTo(port == 443
                                && List.of("gateway-service", "order-service").contains(name)); // decision 0032
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rendersForEveryCluster(Cluster cluster) throws Exception {
        var manifests = render(cluster.components);

        assertThat(manifests.resources).allSatisfy(resource -> {
            var kind = text(resource, "kind");
            assertThat(text(resource, "metadata", "Namespace".equals(kind) ? "name" : "namespace"))
                    .as("namespace of %s %s", kind, text(resource, "metadata", "name"))
                    .isEqualTo("shop");
        });
        assertThat(manifests.ofKind("RoleBinding"))
                .allSatisfy(binding -> assertThat(list(binding, "subjects"))
                        .allSatisfy(subject ->
                                assertThat(text(subject, "namespace")).isEqualTo("shop")));
        assertThat(manifests.ofKind("Service")).isNotEmpty().allSatisfy(service -> {
            assertThat(text(service, "spec", "ipFamilyPolicy")).isEqualTo("PreferDualStack");
            // Amazon's VPC CNI evaluates policies by the port of the pod, and requires the Service to have the same
            assertThat(list(service, "spec", "ports"))
                    .allSatisfy(
                            port -> assertThat(port.get("port")).isEqualTo(containerPort(manifests, service, port)));
        });
        for (var workload : manifests.workloads()) {
            var container =
                    list(workload, "spec", "template", "spec", "containers").getFirst();
            assertThat(text(container, "image")).doesNotStartWith("feira/").doesNotStartWith("docker.io/feira/");
            assertThat(at(container, "securityContext"))
                    .asInstanceOf(MAP)
                    .containsEntry("readOnlyRootFilesystem", true)
                    .containsEntry("runAsNonRoot", true)
                    .containsEntry("allowPrivilegeEscalation", false);
        }
    }

    @Test
    void namesNoUserForOpenShift() throws Exception {
        var manifests = render(Cluster.OPENSHIFT.components);

        assertThat(manifests.workloads()).hasSize(7).allSatisfy(workload -> {
            assertThat(at(workload, "spec", "template", "spec", "securityContext"))
                    .asInstanceOf(MAP)
                    .doesNotContainKeys("runAsUser", "runAsGroup", "fsGroup")
                    .containsEntry("runAsNonRoot", true);
            assertThat(list(workload, "spec", "template", "spec", "containers")
                            .getFirst()
                            .toString())
                    .doesNotContain("runAsUser", "/etc/passwd");
        });
    }

    /** Argo CD compares a list whole: what the API server adds to an entry shows as a difference for ever. */
    @Test
    void completesListsThatTheApiServerWouldComplete() throws Exception {
        var local = render(COMPONENTS);
        var claims = local.ofKind("StatefulSet").stream()
                .flatMap(set -> list(set, "spec", "volumeClaimTemplates").stream())
                .toList();
        assertThat(claims)
                .hasSize(1)
                .allSatisfy(claim -> assertThat(claim)
                        .containsEntry("apiVersion", "v1")
                        .containsEntry("kind", "PersistentVolumeClaim")
                        .doesNotContainKey("status")
                        .extractingByKey("spec")
                        .asInstanceOf(MAP)
                        .containsEntry("volumeMode", "Filesystem"));

        var production = new Manifests(kustomize(home().resolve("k8s/overlays/production")));
        assertThat(production.ofKind("HTTPRoute")).hasSize(1).allSatisfy(route -> {
            assertThat(list(route, "spec", "parentRefs"))
                    .allSatisfy(parent -> assertThat(parent).containsKeys("group", "kind"));
            assertThat(list(list(route, "spec", "rules").getFirst(), "backendRefs"))
                    .allSatisfy(backend -> assertThat(backend).containsKeys("group", "kind", "weight"));
        });
    }

    @Test
    void narrowsTheApiServerInProduction() throws Exception {
        var production = new Manifests(kustomize(home().resolve("k8s/overlays/production")));
        var gateway = Map.of(NAME, "gateway-service");

        assertThat(production.permits(gateway, Destination.node("192.0.2.20"), 6443, "TCP"))
                .isTrue();
        assertThat(production.permits(gateway, Destination.node("198.51.100.1"), 443, "TCP"))
                .isFalse();
    }

    @Test
    void connectsConsumersToKafkaInsteadOfFeeds() throws Exception {
        var manifests =
                render(Stream.concat(COMPONENTS.stream(), Stream.of("kafka")).toList());
        var broker = Destination.pod("10.244.0.20", "shop", Map.of("strimzi.io/cluster", "feira"));
        var postgres = Destination.pod("10.244.0.9", "shop", Map.of(NAME, "postgres"));
        var connect = Map.of("strimzi.io/cluster", "feira-connect");

        for (var consumer : List.of("catalog-service", "notification-service")) {
            assertThat(manifests.permits(Map.of(NAME, consumer), broker, 9092, "TCP"))
                    .as(consumer)
                    .isTrue();
            assertThat(manifests.ofKind("ConfigMap"))
                    .filteredOn(map -> text(map, "metadata", "name").startsWith(consumer + "-"))
                    .as(consumer)
                    .allSatisfy(
                            map -> assertThat(text(map, "data", "FEIRA_KAFKA")).isEqualTo("feira-kafka-bootstrap:9092"))
                    .hasSize(1);
        }
        assertThat(manifests.permits(Map.of(NAME, "gateway-service"), broker, 9092, "TCP"))
                .isFalse();
        assertThat(manifests.permits(connect, broker, 9092, "TCP")).isTrue();
        assertThat(manifests.permits(connect, postgres, 5432, "TCP")).isTrue();
        assertThat(manifests.permits(connect, Destination.node("198.51.100.1"), 443, "TCP"))
                .isFalse();
        assertThat(manifests.ofKind("StatefulSet"))
                .allSatisfy(set -> assertThat(set.toString()).contains("wal_level=logical", "max_slot_wal_keep_size"));
        assertThat(manifests.ofKind("KafkaConnect"))
                .hasSize(1)
                .allSatisfy(resource -> assertThat(resource.toString())
                        .contains("key=FEIRA_DB_PASSWORD_DEBEZIUM, name=feira-secrets-")); // the generated name
        assertThat(manifests.ofKind("KafkaConnector")).hasSize(1);
    }

    private static List<Map<String, String>> pods(Manifests manifests) {
        return manifests.workloads().stream()
                .map(workload -> labels(workload, "spec", "template", "metadata", "labels"))
                .toList();
    }

    private static Object containerPort(Manifests manifests, Map<String, Object> service, Map<String, Object> port) {
        return manifests.workloads().stream()
                .filter(workload -> labels(workload, "spec", "template", "metadata", "labels")
                        .entrySet()
                        .containsAll(labels(service, "spec", "selector").entrySet()))
                .flatMap(workload -> list(workload, "spec", "template", "spec", "containers").stream())
                .flatMap(container -> list(container, "ports").stream())
                .filter(candidate -> port.get("targetPort").equals(candidate.get("name")))
                .map(candidate -> candidate.get("containerPort"))
                .findFirst()
                .orElseThrow();
    }

    /** Renders the base with components in the namespace {@code shop}, without the secrets of overlays/local. */
    private static Manifests render(List<String> components) throws IOException, InterruptedException {
        var rendered = RENDERED.get(components);
        if (rendered != null) {
            return rendered;
        }
        var folder = Files.createDirectories(Path.of("target/manifests", "" + RENDERED.size()));
        var k8s = folder.toRealPath().relativize(home().toRealPath().resolve("k8s"));
        var kustomization = new StringBuilder("""
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                namespace: shop
                resources: [%s/base]
                secretGenerator: [{name: feira-secrets, literals: [POSTGRES_PASSWORD=none]}]
                components:
                """.formatted(k8s));
        components.forEach(component -> kustomization
                .append("  - ")
                .append(k8s)
                .append("/components/")
                .append(component)
                .append('\n'));
        Files.writeString(folder.resolve("kustomization.yaml"), kustomization);
        rendered = new Manifests(kustomize(folder));
        RENDERED.put(components, rendered);
        return rendered;
    }

    private static Path home() {
        return PlatformOptions.findHome();
    }

    private static List<Map<String, Object>> kustomize(Path folder) throws IOException, InterruptedException {
        var errors = Files.createTempFile("kustomize", ".txt");
        var process = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectError(errors.toFile())
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        Files.delete(errors);
        return StreamSupport.stream(new Yaml().loadAll(output).spliterator(), false)
                .map(ManifestTests::map)
                .toList();
    }

    /** Rendered resources, and what their network policies permit (networking.k8s.io/v1). */
    private record Manifests(List<Map<String, Object>> resources) {

        List<Map<String, Object>> ofKind(String kind) {
            return resources.stream()
                    .filter(resource -> kind.equals(resource.get("kind")))
                    .toList();
        }

        List<Map<String, Object>> workloads() {
            return Stream.concat(ofKind("Deployment").stream(), ofKind("StatefulSet").stream())
                    .toList();
        }

        /** Returns whether a pod of this namespace may connect; a pod that no policy selects may. */
        boolean permits(Map<String, String> pod, Destination destination, int port, String protocol) {
            var selecting = ofKind("NetworkPolicy").stream()
                    .filter(policy -> selects(at(policy, "spec", "podSelector"), pod))
                    .filter(policy ->
                            at(policy, "spec", "policyTypes").toString().contains("Egress"))
                    .toList();
            return selecting.isEmpty()
                    || selecting.stream()
                            .flatMap(policy -> list(policy, "spec", "egress").stream()
                                    .filter(rule -> list(rule, "ports").isEmpty()
                                            || list(rule, "ports").stream()
                                                    .anyMatch(open -> open.get("port")
                                                                    .equals(port)
                                                            && protocol.equals(open.getOrDefault("protocol", "TCP"))))
                                    .filter(rule -> list(rule, "to").isEmpty()
                                            || list(rule, "to").stream()
                                                    .anyMatch(peer -> matches(
                                                            peer, text(policy, "metadata", "namespace"), destination))))
                            .findAny()
                            .isPresent();
        }

        private static boolean matches(Map<String, Object> peer, String namespace, Destination destination) {
            if (peer.containsKey("ipBlock")) {
                return destination.inRanges && contains(text(peer, "ipBlock", "cidr"), destination.address);
            }
            var inNamespace = peer.containsKey("namespaceSelector")
                    ? !destination.namespace.isEmpty()
                            && selects(
                                    peer.get("namespaceSelector"),
                                    Map.of("kubernetes.io/metadata.name", destination.namespace))
                    : namespace.equals(destination.namespace);
            return inNamespace && selects(peer.get("podSelector"), destination.labels);
        }

        private static boolean selects(Object selector, Map<String, String> labels) {
            if (selector == null) {
                return true;
            }
            return labels.entrySet()
                            .containsAll(labels(map(selector), "matchLabels").entrySet())
                    && list(map(selector), "matchExpressions").stream().allMatch(expression -> {
                        var values = (List<?>) expression.get("values");
                        var listed = values.contains(labels.get(text(expression, "key")));
                        return "In".equals(expression.get("operator")) == listed;
                    });
        }

        private static boolean contains(String range, String address) {
            var parts = range.split("/");
            var network = InetAddress.ofLiteral(parts[0]).getAddress();
            var candidate = InetAddress.ofLiteral(address).getAddress();
            if (network.length != candidate.length) {
                return false;
            }
            for (var bit = 0; bit < Integer.parseInt(parts[1]); bit++) {
                if (((network[bit / 8] ^ candidate[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static Object at(Map<String, Object> resource, String... path) {
        Object value = resource;
        for (var key : path) {
            value = value == null ? null : map(value).get(key);
        }
        return value;
    }

    private static String text(Map<String, Object> resource, String... path) {
        return String.valueOf(at(resource, path));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> resource, String... path) {
        var value = at(resource, path);
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> labels(Map<String, Object> resource, String... path) {
        var value = at(resource, path);
        return value == null ? Map.of() : (Map<String, String>) value;
    }
}
