package dev.feira.catalog.config;

import dev.feira.defaults.security.ServiceSecurity;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Authorizes requests: everyone may read products, staff change products and stock, order-service reserves. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String[] STAFF = {"ROLE_STAFF", "ROLE_ADMIN"};
    private static final String RESERVATIONS = "SCOPE_catalog.reservations";

    @Bean
    SecurityFilterChain api(HttpSecurity http) {
        ServiceSecurity.apply(http);
        http.authorizeHttpRequests(
                requests -> requests.requestMatchers("/products/*/stock-movements", "/products/*/reorder-level")
                        .hasAnyAuthority(STAFF)
                        .requestMatchers(HttpMethod.PUT, "/products/*")
                        .hasAnyAuthority(STAFF)
                        .requestMatchers("/parked-events", "/parked-events/**")
                        .hasAnyAuthority(STAFF)
                        .requestMatchers("/feeds/stock")
                        .hasAuthority("SCOPE_feeds.stock")
                        .requestMatchers("/reservations", "/reservations/**")
                        .hasAuthority(RESERVATIONS)
                        .requestMatchers("/audit")
                        .hasAnyAuthority("ROLE_STAFF", "ROLE_ADMIN", RESERVATIONS)
                        // no method is named, so that an unsupported one gets 405
                        .requestMatchers("/products", "/products/*", "/categories", "/pictures/*", "/prices")
                        .permitAll()
                        .requestMatchers("/openapi.json", "/openapi.json/*", "/error")
                        .permitAll()
                        .anyRequest()
                        .denyAll());
        return http.build();
    }
}
