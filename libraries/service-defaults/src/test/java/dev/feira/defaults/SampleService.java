package dev.feira.defaults;

import dev.feira.defaults.security.ServiceSecurity;
import dev.feira.defaults.text.PlainText;
import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.defaults.text.VisibleText;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
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

        enum Kind {
            RECEIVED,
            CORRECTED,
            WASTE
        }

        record Label(
                @NotNull Kind kind,
                @Nullable Boolean urgent,
                @Nullable UUID id,
                @Nullable Instant at,
                @Nullable Integer copies,
                @Nullable @Min(-5) @Max(99) Integer shelf,
                @Nullable BigDecimal rate) {}

        record Signature(
                @NotNull @VisibleText String name,
                @Nullable @PlainText String title) {}

        @GetMapping("/notes/search")
        String search(@RequestParam String q, HttpServletRequest request) {
            return q + " of " + request.getQueryString();
        }

        @GetMapping("/notes/labels")
        String label(
                @RequestParam(required = false) @Nullable Kind kind,
                @RequestParam(required = false) @Nullable Boolean urgent,
                @RequestParam(required = false) @Nullable UUID id,
                @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
                @RequestParam(defaultValue = "0") @PositiveOrZero long after) {
            return kind + " " + urgent + " " + id + " " + limit + " " + after;
        }

        @PostMapping("/notes/labels")
        Label label(@Valid @RequestBody Label label) {
            return label;
        }

        @PostMapping("/notes/signatures")
        String sign(@Valid @RequestBody Signature signature) {
            return '<' + UnicodeSpaces.strip(signature.name()) + '>';
        }

        @GetMapping("/notes/tagged")
        ResponseEntity<String> tagged(@RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
            return ResponseEntity.ok().eTag("\"7\"").body(String.valueOf(ifMatch));
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
