package dev.feira.local.cli;

import dev.feira.local.PlatformOptions;
import dev.feira.local.RunState;
import dev.feira.local.Secrets;
import dev.feira.local.StartFailure;
import dev.feira.local.client.FeiraClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Feira a command talks to, and with which password of the demo accounts. */
final class TargetOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "the gateway of any environment; by default what ./feira up started, else http://localhost:8080")
    private @Nullable URI url;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            description =
                    "of the demo accounts; by default FEIRA_DEMO_PASSWORD from the environment or .feira/secrets.env")
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
                .orElseThrow(
                        () -> new StartFailure(
                                "The password of the demo accounts is not known: run ./feira secrets, or name it by --password."));
    }
}
