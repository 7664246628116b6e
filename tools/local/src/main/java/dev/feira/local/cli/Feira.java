package dev.feira.local.cli;

import dev.feira.local.Service;
import dev.feira.local.StartFailure;
import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.Unreachable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.TypeConversionException;

/** The commands of the {@code feira} script that are written in Java. */
@Command(
        name = "./feira",
        description = "Runs Feira on this machine and sends requests to it.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            SecretsCommand.class,
            TrainCommand.class,
            DemoCommand.class,
            AuditCommand.class,
            ExplainCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Feira {

    private Feira() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // the digits and letters of files and requests do not depend on the machine
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Feira())
                .registerConverter(Service.class, Feira::service)
                .registerConverter(UUID.class, Feira::id)
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    commandLine.getErr().println(message(failure));
                    return ExitCode.SOFTWARE;
                });
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw new TypeConversionException(
                    "'" + text + "' is no id: it has 36 characters, such as 123e4567-e89b-12d3-a456-426614174000.");
        }
    }

    private static Service service(String module) {
        return Service.ofModule(module)
                .orElseThrow(() -> new TypeConversionException(
                        "There is no service " + module + ": choose from " + modules() + "."));
    }

    private static String modules() {
        return Arrays.stream(Service.values()).map(Service::module).collect(Collectors.joining(", "));
    }

    /** Returns the message of an expected failure; a stack trace only for an error in the program. */
    private static String message(Exception failure) {
        return switch (failure) {
            case StartFailure start when start.log() != null -> start.getMessage() + "\nLog: " + start.log();
            case StartFailure _, ApiProblem _, Unreachable _ -> String.valueOf(failure.getMessage());
            default -> {
                var trace = new StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                yield "This is an error in Feira. Please report it: " + trace;
            }
        };
    }
}
