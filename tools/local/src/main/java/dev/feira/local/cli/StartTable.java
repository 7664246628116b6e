package dev.feira.local.cli;

import dev.feira.local.Component;
import dev.feira.local.Component.State;
import dev.feira.local.StartObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints the progress of a start. On a terminal it redraws a table. Elsewhere it prints a line for each change, and
 * every 10 s for each component that is still starting.
 */
final class StartTable implements StartObserver, AutoCloseable {

    private static final long REPEAT_NANOS = 10_000_000_000L;

    private final Terminal terminal;
    private final Map<String, State> printed = new HashMap<>();
    private List<? extends Component> components = List.of();
    private boolean drawn;
    private boolean finished;
    private long lastLine = System.nanoTime();

    StartTable(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void begins(List<? extends Component> all) {
        components = all;
        Thread.ofPlatform().daemon().name("feira-progress").start(this::refresh);
    }

    @Override
    public synchronized void changed(Component component) {
        var state = component.state();
        if ((finished || !terminal.live()) && state != State.WAITING && state != printed.put(component.name(), state)) {
            print(component);
        }
    }

    /** Ends the start: later changes are printed as lines. */
    @Override
    public synchronized void close() {
        if (!finished && terminal.live()) {
            draw();
        }
        finished = true;
    }

    private void refresh() {
        while (true) {
            synchronized (this) {
                if (finished) {
                    return;
                }
                if (terminal.live()) {
                    draw();
                } else if (System.nanoTime() - lastLine > REPEAT_NANOS) {
                    components.stream()
                            .filter(component -> component.state() == State.STARTING)
                            .forEach(this::print);
                }
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void draw() {
        var screen = new StringBuilder(drawn ? "\033[%dA".formatted(components.size()) : "");
        for (var component : components) {
            screen.append("\r\033[K")
                    .append(color(component.state()))
                    .append(terminal.fit(row(component)))
                    .append("\033[0m\n");
        }
        drawn = true;
        terminal.out().print(screen);
        terminal.out().flush();
    }

    private void print(Component component) {
        lastLine = System.nanoTime();
        terminal.print(row(component));
    }

    private static String row(Component component) {
        var state = component.state();
        var timed = state == State.STARTING || state == State.HEALTHY;
        return String.format(
                        Locale.ROOT,
                        "  %-20s %-9s %7s   %-11s %s",
                        component.name(),
                        state.name().toLowerCase(Locale.ROOT),
                        timed ? Terminal.seconds(component.startTime()) : "",
                        "port " + component.port(),
                        component.detail().orElse(""))
                .stripTrailing();
    }

    private static String color(State state) {
        return switch (state) {
            case HEALTHY -> "\033[32m";
            case ENDED -> "\033[31m";
            case WAITING -> "\033[2m";
            case STARTING -> "";
        };
    }
}
