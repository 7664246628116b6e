package dev.feira.order.catalog;

import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration(proxyBeanMethods = false)
@LoadBalancerClient(name = "catalog-service", configuration = CatalogLoadBalancerConfiguration.class)
@ImportHttpServices(group = "catalog", types = CatalogClient.class)
class CatalogConfiguration {}
