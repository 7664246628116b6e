package dev.feira.order.config;

import dev.feira.defaults.ServiceSecurity;
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
        http.authorizeHttpRequests(requests -> requests.requestMatchers(HttpMethod.POST, "/quotes")
                .permitAll()
                // proved by its signature instead
                .requestMatchers(HttpMethod.POST, "/webhooks/payments")
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/openapi.json", "/error")
                .permitAll()
                .requestMatchers(HttpMethod.POST, "/orders")
                .hasRole("CUSTOMER")
                .requestMatchers(HttpMethod.GET, "/orders", "/orders/{id}")
                .hasAnyRole("CUSTOMER", "STAFF", "ADMIN")
                .requestMatchers(HttpMethod.POST, "/orders/{id}/cancellation")
                .hasAnyRole("CUSTOMER", "STAFF", "ADMIN")
                .requestMatchers(
                        HttpMethod.POST, "/orders/{id}/shipment", "/orders/{id}/delivery", "/orders/{id}/return")
                .hasAnyRole("STAFF", "ADMIN")
                .requestMatchers(HttpMethod.GET, "/audit")
                .hasAnyRole("STAFF", "ADMIN")
                .anyRequest()
                .denyAll());
        return http.build();
    }
}
