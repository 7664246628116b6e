package dev.feira.local.cli;

import dev.feira.local.AotTraining;
import dev.feira.local.PlatformOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;

@Command(
        name = "train",
        description = "Trains the AOT caches now instead of in the background of ./feira up.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        var terminal = Terminal.standard();
        var training = AotTraining.of(PlatformOptions.findHome());
        var missing = training.missing();
        var number = new AtomicInteger();
        training.run(service ->
                terminal.print("  [" + number.incrementAndGet() + "/" + missing + "] training " + service.module()));
        terminal.print(missing == 0 ? "All AOT caches exist." : "The AOT caches are trained.");
        return 0;
    }
}
