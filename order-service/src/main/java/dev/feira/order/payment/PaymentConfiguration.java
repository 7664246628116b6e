package dev.feira.order.payment;

import dev.feira.order.config.PaymentProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "payments", types = PaymentClient.class)
class PaymentConfiguration {

    /** Adds the API key to calls of the provider only. */
    @Bean
    RestClientHttpServiceGroupConfigurer paymentsApiKey(PaymentProperties settings) {
        return groups -> groups.filterByName("payments")
                .forEachClient(
                        (group, client) -> client.defaultHeaders(headers -> headers.setBearerAuth(settings.apiKey())));
    }
}
