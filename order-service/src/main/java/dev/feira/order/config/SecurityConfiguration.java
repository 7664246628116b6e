package dev.feira.order.config;

import dev.feira.defaults.security.ServiceSecurity;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Grants the roles access to the endpoints. The use cases check the owner of an order. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain api(HttpSecurity http) {
        ServiceSecurity.apply(http);
        http.authorizeHttpRequests(requests -> requests
                // few methods are named, so that an unsupported method is 405 for users of the path
                .requestMatchers("/quotes", "/openapi.json", "/openapi.json/public", "/error")
                .permitAll()
                // authenticated by its signature
                .requestMatchers("/webhooks/payments")
                .permitAll()
                .requestMatchers(HttpMethod.POST, "/orders")
                .hasRole("CUSTOMER")
                .requestMatchers("/orders", "/orders/{id}", "/orders/{id}/explanation", "/orders/{id}/cancellation")
                .hasAnyRole("CUSTOMER", "STAFF", "ADMIN")
                .requestMatchers("/orders/{id}/shipment", "/orders/{id}/delivery", "/orders/{id}/return", "/audit")
                .hasAnyRole("STAFF", "ADMIN")
                .requestMatchers("/parked-events", "/parked-events/**")
                .hasAnyRole("STAFF", "ADMIN")
                .requestMatchers("/feeds/orders")
                .hasAuthority("SCOPE_feeds.orders")
                .anyRequest()
                .denyAll());
        return http.build();
    }
}
