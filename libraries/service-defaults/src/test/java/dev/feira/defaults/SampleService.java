package dev.feira.defaults;

import dev.feira.defaults.security.ServiceSecurity;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The smallest service that uses every default. */
@SpringBootApplication(proxyBeanMethods = false)
public class SampleService {

    /** Starts the service with this database. */
    public static ConfigurableApplicationContext on(JdbcConnectionDetails database, String... settings) {
        return new SpringApplicationBuilder(SampleService.class)
                .run(Stream.concat(
                                Stream.of(
                                        "--spring.datasource.url=" + database.getJdbcUrl(),
                                        "--spring.datasource.username=" + database.getUsername(),
                                        "--spring.datasource.password=" + database.getPassword()),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    @Bean
    SecurityFilterChain api(HttpSecurity http) {
        ServiceSecurity.apply(http);
        http.authorizeHttpRequests(requests -> requests.requestMatchers("/notes/**", "/bug", "/error")
                .permitAll()
                .requestMatchers("/staff")
                .hasRole("STAFF")
                .anyRequest()
                .authenticated());
        return http.build();
    }

    @RestController
    static class Notes {

        private final JdbcClient jdbc;

        Notes(JdbcClient jdbc) {
            this.jdbc = jdbc;
        }

        record Note(@NotBlank String text, @Positive int copies) {}

        @GetMapping("/notes")
        List<String> all(@RequestParam(defaultValue = "10") int limit) {
            return jdbc.sql("select text from notes order by id limit :limit")
                    .param("limit", limit)
                    .query(String.class)
                    .list();
        }

        @GetMapping("/notes/{id}")
        String one(@PathVariable long id) {
            return String.valueOf(id);
        }

        @PostMapping("/notes")
        Note add(@Valid @RequestBody Note note) {
            return note;
        }

        @PostMapping("/notes/bytes")
        int size(@RequestBody byte[] body) {
            return body.length;
        }

        @PostMapping("/notes/{id}/lock")
        long lock(@PathVariable long id) {
            return jdbc.sql("select id from notes where id = :id for update")
                    .param("id", id)
                    .query(Long.class)
                    .single();
        }

        @GetMapping("/bug")
        String bug() {
            throw new IllegalStateException("the secret is swordfish");
        }

        @GetMapping("/me")
        List<String> me(Authentication user) {
            return user.getAuthorities().stream().map(String::valueOf).sorted().toList();
        }

        @GetMapping("/staff")
        String staff() {
            return "staff";
        }

        @GetMapping("/admin")
        @PreAuthorize("hasRole('ADMIN')")
        String admin() {
            return "admin";
        }
    }
}
