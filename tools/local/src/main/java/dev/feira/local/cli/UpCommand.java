package dev.feira.local.cli;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import dev.feira.local.StartFailure;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = "Starts Feira on this machine and runs until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Option(
            names = "--replicas",
            paramLabel = "SERVICE=N",
            split = ",",
            description = "number of processes of a service, 1 to 9, e.g. --replicas order-service=2")
    private Map<Service, Integer> replicas = new EnumMap<>(Service.class);

    @Option(names = "--fresh", description = "delete all data first")
    private boolean fresh;

    @Option(names = "--port-offset", paramLabel = "N", description = "add N to every port, e.g. 100")
    private int portOffset;

    @Option(names = "--no-training", description = "do not train AOT caches in the background")
    private boolean noTraining;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        var started = System.nanoTime();
        var terminal = Terminal.standard();
        try (var table = new StartTable(terminal)) {
            var options = options().withObserver(table);
            terminal.print("Feira starts on JDK " + Runtime.version() + "; data and logs are in .feira/\n");
            try (var platform = Platform.start(options)) {
                table.close();
                printWelcome(terminal, platform, Duration.ofNanos(System.nanoTime() - started));
                if (!noTraining) {
                    Thread.ofVirtual().start(() -> train(terminal, platform));
                }
                platform.awaitClosed();
            }
        }
        terminal.print("Feira is stopped. The data stays in .feira/; ./feira up uses it again.");
        return 0;
    }

    private PlatformOptions options() {
        var options = PlatformOptions.kept().withPortOffset(portOffset).withFresh(fresh);
        try {
            for (var entry : replicas.entrySet()) {
                options = options.withReplicas(entry.getKey(), entry.getValue());
            }
            return options;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void printWelcome(Terminal terminal, Platform platform, Duration time) {
        terminal.print("""

                Feira is ready after %s.

                  Shop       %s
                  API        %s/api-docs
                  Customers  ana@feira.example, bruno@feira.example
                  Staff      sofia@feira.example, admin@feira.example
                  Password   %s

                Next: ./feira demo places an order, ./feira status shows every process. Ctrl-C stops all.
                """.formatted(
                        Terminal.seconds(time),
                        platform.url(),
                        platform.url(),
                        platform.secrets().get(Secrets.DEMO_PASSWORD)));
    }

    private static void train(Terminal terminal, Platform platform) {
        try {
            var training = platform.training();
            if (training.missing() > 0) {
                terminal.print("In the background: AOT caches for a faster next start (once, one to two minutes).");
                training.run(_ -> {});
                terminal.print("The AOT caches are trained.");
            }
        } catch (StartFailure e) {
            if (!platform.isClosing()) {
                terminal.print("The AOT caches are not trained: " + e.getMessage());
            }
        }
    }
}
