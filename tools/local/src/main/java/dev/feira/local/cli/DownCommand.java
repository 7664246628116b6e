package dev.feira.local.cli;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.RunState;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

@Command(name = "down", description = "Stops what ./feira up started.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        var terminal = Terminal.standard();
        var state = RunState.read(data());
        if (state.isEmpty()) {
            terminal.print("Feira does not run here.");
            return 0;
        }
        var launcher = state.get().launcher().process();
        if (launcher.isEmpty()) {
            terminal.print("The launcher has ended. Stopping the processes that it left …");
            state.get().endAll();
            terminal.print("Stopped.");
            return 0;
        }
        terminal.print("Stopping Feira (process " + launcher.get().pid() + ") …");
        launcher.get().destroy();
        try {
            launcher.get().onExit().get(Platform.CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            terminal.print("Feira is still stopping after " + Platform.CLOSE_TIMEOUT.toSeconds()
                    + " s. ./feira status shows the remaining processes.");
            return 1;
        }
        terminal.print("Stopped. The data stays in .feira/; ./feira up uses it again.");
        return 0;
    }

    static Path data() {
        return PlatformOptions.findHome().resolve(".feira");
    }
}
