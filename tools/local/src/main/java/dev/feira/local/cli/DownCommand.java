package dev.feira.local.cli;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "down", description = "Stops what ./feira up started.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Platform.CLOSE_PATIENCE;

    @Override
    public Integer call() throws InterruptedException {
        var terminal = Terminal.standard();
        var data = data();
        var state = RunState.read(data);
        if (state.isEmpty()) {
            terminal.print("Feira does not run here.");
            return 0;
        }
        var launcher = state.get().launcher().process();
        if (launcher.isEmpty()) {
            terminal.print("The launcher is gone; ending the processes that it left.");
            state.get().endAll();
            terminal.print("Stopped.");
            return 0;
        }
        terminal.print("Stopping Feira (process " + launcher.get().pid() + ") …");
        launcher.get().destroy();
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (launcher.get().isAlive()) {
            if (System.nanoTime() > deadline) {
                terminal.print("It is still stopping after " + PATIENCE.toSeconds()
                        + " s: ./feira status shows what is left.");
                return 1;
            }
            Thread.sleep(100);
        }
        terminal.print("Stopped. The data is kept in .feira/: ./feira up goes on with it.");
        return 0;
    }

    static Path data() {
        return PlatformOptions.findHome().resolve(".feira");
    }
}
