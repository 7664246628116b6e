package dev.feira.local.cli;

import dev.feira.local.AotTraining;
import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import dev.feira.local.StartFailure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Starts everything on this machine and stays until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Option(
            names = "--replicas",
            paramLabel = "SERVICE=N",
            split = ",",
            description = "more processes of a service, e.g. --replicas order-service=2")
    private Map<String, Integer> replicas = new LinkedHashMap<>();

    @Option(names = "--fresh", description = "delete all data first")
    private boolean fresh;

    @Option(names = "--port-offset", paramLabel = "N", description = "add N to every port, e.g. 100")
    private int portOffset;

    @Option(names = "--no-training", description = "do not make start-up caches in the background")
    private boolean noTraining;

    @Override
    public Integer call() throws InterruptedException {
        var began = System.nanoTime();
        var terminal = Terminal.standard();
        try (var table = new StartTable(terminal)) {
            var options = withReplicas(PlatformOptions.kept())
                    .withPortOffset(portOffset)
                    .withFresh(fresh)
                    .withObserver(table);
            terminal.print("Feira starts on JDK " + Runtime.version() + "; data and logs in "
                    + options.home().relativize(options.home().resolve(".feira")) + "/\n");
            try (var platform = Platform.start(options)) {
                table.close();
                welcome(terminal, platform, Duration.ofNanos(System.nanoTime() - began));
                if (!noTraining) {
                    Thread.ofVirtual().start(() -> train(terminal, platform));
                }
                platform.awaitClosed();
            }
        }
        terminal.print("Feira is stopped. Its data is kept in .feira/: ./feira up goes on with it.");
        return 0;
    }

    private PlatformOptions withReplicas(PlatformOptions options) {
        var all = options;
        for (var entry : replicas.entrySet()) {
            var service = Service.ofModule(entry.getKey());
            if (service == null) {
                var names =
                        List.of(Service.values()).stream().map(Service::module).collect(Collectors.joining(", "));
                throw new StartFailure("There is no service " + entry.getKey() + ": choose from " + names + ".");
            }
            if (entry.getValue() < 1 || entry.getValue() > 9) {
                throw new StartFailure(service.module() + " can have 1 to 9 replicas, not " + entry.getValue() + ".");
            }
            all = all.withReplicas(service, entry.getValue());
        }
        return all;
    }

    private static void welcome(Terminal terminal, Platform platform, Duration time) {
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
        AotTraining training = platform.training();
        if (training.missing().isEmpty()) {
            return;
        }
        terminal.print("In the background: start-up caches, so that the next start is faster (once, a minute or two).");
        try {
            if (training.run(_ -> {})) {
                terminal.print("The start-up caches are made.");
            }
        } catch (StartFailure e) {
            if (!platform.isClosing()) {
                terminal.print("No start-up caches this time: " + e.getMessage());
            }
        }
    }
}
