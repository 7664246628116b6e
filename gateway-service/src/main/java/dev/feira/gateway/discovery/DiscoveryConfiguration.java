package dev.feira.gateway.discovery;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnCloudPlatform;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.cloud.kubernetes.commons.KubernetesNamespaceProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Discovery in a cluster. Outside of one, {@code spring.cloud.discovery.client.simple.instances} is all there is.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCloudPlatform(CloudPlatform.KUBERNETES)
class DiscoveryConfiguration {

    @Bean
    KubernetesInstances kubernetesInstances(
            KubernetesClient kubernetes,
            Environment environment,
            @Value("${feira.gateway.discovery.port-name:http}") String portName) {
        var namespace = new KubernetesNamespaceProvider(environment).getNamespace();
        return new KubernetesInstances(kubernetes, namespace == null ? kubernetes.getNamespace() : namespace, portName);
    }
}
