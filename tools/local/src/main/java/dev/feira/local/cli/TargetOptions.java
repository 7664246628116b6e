package dev.feira.local.cli;

import dev.feira.local.PlatformOptions;
import dev.feira.local.RunState;
import dev.feira.local.Secrets;
import dev.feira.local.StartFailure;
import dev.feira.local.client.FeiraClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The gateway that a command sends requests to, and the password of the demo accounts. */
final class TargetOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "the gateway of any environment; default: the one of ./feira up, else http://localhost:8080")
    private @Nullable URI url;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            description =
                    "of the demo accounts; default: FEIRA_DEMO_PASSWORD in the environment or in .feira/secrets.env")
    private @Nullable String password;

    FeiraClient client() {
        if (url != null) {
            return FeiraClient.at(url);
        }
        var running = RunState.read(DownCommand.data()).map(RunState::url).orElse("http://localhost:8080");
        return FeiraClient.at(URI.create(running));
    }

    String password() {
        if (password != null) {
            return password;
        }
        var variable = System.getenv(Secrets.DEMO_PASSWORD);
        if (variable != null && !variable.isBlank()) {
            return variable;
        }
        return Secrets.demoPassword(PlatformOptions.findHome())
                .orElseThrow(() -> new StartFailure(
                        "The password of the demo accounts is unknown. Run ./feira secrets, or set --password."));
    }
}
