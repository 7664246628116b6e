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
 * Sends requests that <a href="https://schemathesis.io">Schemathesis</a> generates from the OpenAPI documents. None may return
 * a server error. Needs {@code -Dfeira.schemathesis}, the path of its command.
 */
@AcceptanceTest
class GeneratedRequestsTests {

    /** "1234 generated, 5 found 2 unique failures" */
    private static final Pattern GENERATED = Pattern.compile("(\\d+) generated");

    private static final String ROTATION = "/id/keys/rotation";
    private static final String ROTATOR = "rotator";

    private static final List<Integer> COUNTS = new ArrayList<>();

    /** Time limit of each role. */
    private static final int SECONDS = TestPlatform.setting("feira.generated.seconds", 30);

    /**
     * Runs the roles of one row concurrently. Key rotation has a run of its own, and is last: it may invalidate all tokens, and
     * requests with an invalid token only return 401. {@code -Dfeira.generated.seconds=420 -Dfeira.generated.examples=1000
     * -Dfeira.generated.least=50000} for the long run.
     */
    @ParameterizedTest
    @CsvSource({
        "catalog, anonymous customer staff admin",
        "orders, anonymous customer staff admin",
        "notifications, anonymous customer staff admin",
        "users, anonymous customer staff admin",
        "users, rotator"
    })
    void returnsNoServerErrorForGeneratedRequests(String service, String roles) throws Exception {
        var schemathesis = System.getProperty("feira.schemathesis", "");
        assumeFalse(schemathesis.isBlank(), "This test needs Schemathesis: -Dfeira.schemathesis=PATH");
        assertThat(SECONDS)
                .as("seconds: an access token expires after ten minutes")
                .isLessThanOrEqualTo(420);
        var generated = new TreeMap<String, Integer>();
        for (var round = 0; round < TestPlatform.setting("feira.generated.rounds", 1); round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var runs = new TreeMap<String, Future<Integer>>();
                for (var role : roles.split(" ")) {
                    var user = user(role);
                    runs.put(role, threads.submit(() -> generate(schemathesis, service, role, user)));
                }
                for (var run : runs.entrySet()) {
                    generated.merge(run.getKey(), run.getValue().get(), Integer::sum);
                }
            } finally {
                TestUser.discardTokens(); // the keys may have been rotated
            }
        }
        generated.forEach((role, count) -> PromiseResults.record(11, "%d requests to %s as %s", count, service, role));
        COUNTS.addAll(generated.values());
    }

    @AfterAll
    static void reportTotal() {
        if (!COUNTS.isEmpty()) {
            var sum = COUNTS.stream().mapToInt(Integer::intValue).sum();
            assertThat(sum).isGreaterThanOrEqualTo(TestPlatform.setting("feira.generated.least", 1));
            PromiseResults.record(11, "%d in total", sum);
        }
    }

    private static @Nullable TestUser user(String role) {
        return switch (role) {
            case "customer" -> TestUser.registered();
            case "staff" -> TestUser.staff();
            case "admin", ROTATOR -> TestUser.admin();
            default -> null;
        };
    }

    private static int generate(String schemathesis, String service, String role, @Nullable TestUser user)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                schemathesis,
                "run",
                TestPlatform.url() + "/openapi/" + service + ".json",
                "--checks=not_a_server_error",
                "--continue-on-failure",
                "--max-examples=" + TestPlatform.setting("feira.generated.examples", 5),
                "--max-time=" + SECONDS,
                "--rate-limit=18/s", // the gateway permits 20 writes a second
                "--request-timeout=30",
                "--suppress-health-check=all",
                "--warnings=off"));
        var token = user == null ? null : user.accessToken();
        if (token != null) {
            command.add("--header=Authorization:Bearer " + token);
        }
        if (service.equals("users")) {
            command.add((role.equals(ROTATOR) ? "--include-path=" : "--exclude-path=") + ROTATION);
        }
        var folder = Path.of("target", "schemathesis", service + "-" + role); // for its example database
        Files.createDirectories(folder);
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        if (token != null && !role.equals(ROTATOR)) {
            Http.sendWithRetry(Http.request("/api/users/me")
                            .header("Authorization", "Bearer " + token)
                            .build())
                    .expect(200); // the token was valid until the end
        }
        var found = GENERATED.matcher(output);
        assertThat(found.find()).as(output).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
