package dev.feira.local.cli;

import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "secrets",
        description = "Generates the missing secrets of all three environments; never replaces one.",
        mixinStandardHelpOptions = true)
final class SecretsCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var home = PlatformOptions.findHome();
        for (var generated : Secrets.generateMissing(home)) {
            var result = generated.added() == 0
                    ? "complete, unchanged"
                    : generated.existed() ? generated.added() + " missing secrets added" : "generated";
            terminal.print(String.format("  %-32s %s", home.relativize(generated.file()), result));
        }
        return 0;
    }
}
