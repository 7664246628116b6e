package dev.feira.order.config;

import dev.feira.defaults.security.ServiceSecurity;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Who may do what. Whose order it is is decided by the use cases. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain api(HttpSecurity http) {
        ServiceSecurity.apply(http);
        http.authorizeHttpRequests(requests -> requests
                // a method that a path has not is answered 405 to those who may use the path, so few methods are named
                .requestMatchers("/quotes", "/openapi.json", "/error")
                .permitAll()
                // proved by its signature instead
                .requestMatchers("/webhooks/payments")
                .permitAll()
                .requestMatchers(HttpMethod.POST, "/orders")
                .hasRole("CUSTOMER")
                .requestMatchers("/orders", "/orders/{id}", "/orders/{id}/cancellation")
                .hasAnyRole("CUSTOMER", "STAFF", "ADMIN")
                .requestMatchers("/orders/{id}/shipment", "/orders/{id}/delivery", "/orders/{id}/return", "/audit")
                .hasAnyRole("STAFF", "ADMIN")
                .anyRequest()
                .denyAll());
        return http.build();
    }
}
