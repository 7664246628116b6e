package dev.feira.local.cli;

import dev.feira.local.StartFailure;
import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.Unreachable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of the {@code feira} script that are written in Java. */
@Command(
        name = "feira",
        description = "Runs Feira on this machine and talks to it.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            SecretsCommand.class,
            TrainCommand.class,
            DemoCommand.class,
            AuditCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Feira {

    private Feira() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Feira()).setExecutionExceptionHandler((failure, commandLine, _) -> {
            commandLine.getErr().println(sentence(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    /** What a person can act on; a stack trace only where the program itself is wrong. */
    private static String sentence(Exception failure) {
        return switch (failure) {
            case StartFailure start when start.log() != null -> start.getMessage() + "\nLog: " + start.log();
            case StartFailure start -> String.valueOf(start.getMessage());
            case ApiProblem problem -> String.valueOf(problem.getMessage());
            case Unreachable unreachable -> String.valueOf(unreachable.getMessage());
            default -> {
                var trace = new java.io.StringWriter();
                failure.printStackTrace(new java.io.PrintWriter(trace));
                yield "This is a mistake in Feira, please report it: " + trace;
            }
        };
    }
}
