package dev.feira.notification.config;

import dev.feira.defaults.security.ServiceSecurity;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Permits staff everything, and users the list of their own mail. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain api(HttpSecurity http) {
        ServiceSecurity.apply(http);
        http.authorizeHttpRequests(requests -> requests.requestMatchers("/mails/mine")
                .hasAnyAuthority("ROLE_CUSTOMER", "ROLE_STAFF", "ROLE_ADMIN")
                .requestMatchers("/mails", "/mails/**", "/audit", "/parked-events", "/parked-events/**")
                .hasAnyAuthority("ROLE_STAFF", "ROLE_ADMIN")
                .requestMatchers("/openapi.json", "/openapi.json/*", "/error")
                .permitAll()
                .anyRequest()
                .denyAll());
        return http.build();
    }
}
