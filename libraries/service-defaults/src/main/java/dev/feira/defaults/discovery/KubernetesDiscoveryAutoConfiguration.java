package dev.feira.defaults.discovery;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCloudPlatform;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.kubernetes.commons.KubernetesNamespaceProvider;
import org.springframework.cloud.kubernetes.fabric8.Fabric8AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Discovers instances in a Kubernetes cluster, for services that call others. Outside of a cluster,
 * {@code spring.cloud.discovery.client.simple.instances} lists them.
 */
@AutoConfiguration(after = Fabric8AutoConfiguration.class)
@ConditionalOnClass({DiscoveryClient.class, KubernetesClient.class})
@ConditionalOnCloudPlatform(CloudPlatform.KUBERNETES)
class KubernetesDiscoveryAutoConfiguration {

    @Bean
    KubernetesInstances kubernetesInstances(KubernetesClient kubernetes, Environment environment) {
        var namespace = new KubernetesNamespaceProvider(environment).getNamespace();
        return new KubernetesInstances(kubernetes, namespace == null ? kubernetes.getNamespace() : namespace, "http");
    }
}
