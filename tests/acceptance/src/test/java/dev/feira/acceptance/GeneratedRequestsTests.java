package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that nobody would think of, made by <a href="https://schemathesis.io">Schemathesis</a> from the OpenAPI documents:
 * none is answered by a server error. Needs {@code -Dfeira.schemathesis=} the path of its command.
 */
@AcceptanceTest
class GeneratedRequestsTests {

    /** "1234 generated, 5 found 2 unique failures" */
    private static final Pattern GENERATED = Pattern.compile("(\\d+) generated");

    private static final String ROTATION = "/id/keys/rotation";
    private static final String ROTATOR = "rotator";

    private static final List<Integer> IN_ALL = new ArrayList<>();

    /** How long each person asks at most. */
    private static final int SECONDS = Feira.times("feira.generated.seconds", 30);

    /**
     * Who asks at the same time. Whoever rotates keys does nothing else, and last: everybody's tokens may end by it, and what is
     * asked with a token that has ended says nothing. {@code -Dfeira.generated.seconds=420
     * -Dfeira.generated.examples=1000 -Dfeira.generated.least=50000} for the long run.
     */
    @ParameterizedTest
    @CsvSource({
        "catalog, anonymous customer staff admin",
        "orders, anonymous customer staff admin",
        "users, anonymous customer staff admin",
        "users, rotator"
    })
    void noneIsAnsweredByAServerError(String service, String roles) throws Exception {
        var schemathesis = System.getProperty("feira.schemathesis", "");
        assumeFalse(schemathesis.isBlank(), "This test needs Schemathesis: -Dfeira.schemathesis=PATH");
        assertThat(SECONDS).as("a token lives for ten minutes").isLessThanOrEqualTo(420);
        var generated = new TreeMap<String, Integer>();
        for (var round = 0; round < Feira.times("feira.generated.rounds", 1); round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var runs = new TreeMap<String, Future<Integer>>();
                for (var role : roles.split(" ")) {
                    var person = person(role);
                    runs.put(role, threads.submit(() -> generate(schemathesis, service, role, person)));
                }
                for (var run : runs.entrySet()) {
                    generated.merge(run.getKey(), run.getValue().get(), Integer::sum);
                }
            } finally {
                Person.forgetTokens(); // the keys may have been rotated at once
            }
        }
        generated.forEach((role, count) -> Promise.kept(11, "%d requests to %s as %s", count, service, role));
        IN_ALL.addAll(generated.values());
    }

    @AfterAll
    static void count() {
        if (!IN_ALL.isEmpty()) {
            var sum = IN_ALL.stream().mapToInt(Integer::intValue).sum();
            assertThat(sum).isGreaterThanOrEqualTo(Feira.times("feira.generated.least", 1));
            Promise.kept(11, "%d in all", sum);
        }
    }

    private static @Nullable Person person(String role) {
        return switch (role) {
            case "customer" -> Person.registered();
            case "staff" -> Person.staff();
            case "admin", ROTATOR -> Person.admin();
            default -> null;
        };
    }

    private static int generate(String schemathesis, String service, String role, @Nullable Person person)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                schemathesis,
                "run",
                Feira.url() + "/openapi/" + service + ".json",
                "--checks=not_a_server_error",
                "--continue-on-failure",
                "--max-examples=" + Feira.times("feira.generated.examples", 5),
                "--max-time=" + SECONDS,
                "--rate-limit=18/s", // the gateway lets a client write 20 times a second
                "--request-timeout=30",
                "--suppress-health-check=all",
                "--warnings=off"));
        var token = person == null ? null : person.accessToken();
        if (token != null) {
            command.add("--header=Authorization:Bearer " + token);
        }
        if (service.equals("users")) {
            command.add((role.equals(ROTATOR) ? "--include-path=" : "--exclude-path=") + ROTATION);
        }
        var memory = Path.of("target", "schemathesis", service + "-" + role); // of what it has found
        Files.createDirectories(memory);
        var process = new ProcessBuilder(command)
                .directory(memory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        if (token != null && !role.equals(ROTATOR)) {
            Http.patiently(Http.request("/api/users/me")
                            .header("Authorization", "Bearer " + token)
                            .build())
                    .expect(200); // the token was good until the end: not all was answered by 401
        }
        var found = GENERATED.matcher(output);
        assertThat(found.find()).as(output).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
