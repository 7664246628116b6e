package dev.feira.local.cli;

import dev.feira.local.AotTraining;
import dev.feira.local.PlatformOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;

@Command(
        name = "train",
        description = "Makes the start-up caches now, which ./feira up otherwise does in the background.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        var terminal = Terminal.standard();
        var training = AotTraining.ofBuilt(PlatformOptions.findHome());
        var missing = training.missing().size();
        var number = new AtomicInteger();
        training.run(service ->
                terminal.print("  [" + number.incrementAndGet() + "/" + missing + "] training " + service.module()));
        terminal.print(missing == 0 ? "All start-up caches are there." : "The start-up caches are made.");
        return 0;
    }
}
