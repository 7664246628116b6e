package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    /** {@code -Dfeira.generated.rounds=60} and {@code -Dfeira.generated.examples=100} for the long run. */
    @ParameterizedTest
    @CsvSource({
        "catalog, anonymous", "catalog, customer", "catalog, staff",
        "orders, anonymous", "orders, customer", "orders, staff",
        "users, anonymous", "users, customer", "users, admin"
    })
    void noneIsAnsweredByAServerError(String service, String role) throws IOException, InterruptedException {
        var generated = 0;
        for (var round = 0; round < Feira.times("feira.generated.rounds", 1); round++) {
            generated += generate(service, person(role));
        }
        Promise.kept(11, "%d requests to %s as %s", generated, service, role);
    }

    private static @Nullable Person person(String role) {
        return switch (role) {
            case "customer" -> Person.registered();
            case "staff" -> Person.staff();
            case "admin" -> Person.admin();
            default -> null;
        };
    }

    private static int generate(String service, @Nullable Person person) throws IOException, InterruptedException {
        var schemathesis = System.getProperty("feira.schemathesis", "");
        assumeFalse(schemathesis.isBlank(), "This test needs Schemathesis: -Dfeira.schemathesis=PATH");
        var command = new ArrayList<>(List.of(
                schemathesis,
                "run",
                Feira.url() + "/openapi/" + service + ".json",
                "--checks=not_a_server_error",
                "--continue-on-failure",
                "--max-examples=" + Feira.times("feira.generated.examples", 5),
                "--max-time=420", // a token lives for ten minutes
                "--rate-limit=18/s", // the gateway lets a client write 20 times a second
                "--request-timeout=30",
                "--suppress-health-check=all",
                "--warnings=off"));
        if (person != null) {
            command.add("--header=Authorization:Bearer " + person.accessToken());
        }
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        var found = GENERATED.matcher(output);
        assertThat(found.find()).as(output).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
