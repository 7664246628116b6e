package dev.feira.local.cli;

import dev.feira.local.Component;
import dev.feira.local.StartObserver;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows how far each part is: a table that is redrawn on a terminal, a line for each change elsewhere, and a sign of
 * life every 10 s where nothing changes.
 */
final class StartTable implements StartObserver, AutoCloseable {

    private static final Map<Component.State, String> WORDS = new EnumMap<>(Map.of(
            Component.State.WAITING, "waiting",
            Component.State.STARTING, "starting",
            Component.State.HEALTHY, "healthy",
            Component.State.ENDED, "ended"));

    private final Terminal terminal;
    private final Map<String, Component.State> shown = new HashMap<>();
    private List<? extends Component> components = List.of();
    private int drawn;
    private boolean finished;
    private long lastLine = System.nanoTime();

    StartTable(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void begins(List<? extends Component> all) {
        components = all;
        Thread.ofPlatform().daemon().name("feira-progress").start(this::redraw);
    }

    @Override
    public synchronized void changed(Component component) {
        if (finished || !terminal.live()) {
            line(component);
        }
    }

    /** The start is over: from now on changes are printed as lines. */
    @Override
    public synchronized void close() {
        if (!finished && terminal.live()) {
            draw();
        }
        finished = true;
    }

    private void redraw() {
        while (true) {
            synchronized (this) {
                if (finished) {
                    return;
                }
                if (terminal.live()) {
                    draw();
                } else if (System.nanoTime() - lastLine > 10_000_000_000L) {
                    components.stream()
                            .filter(component -> component.state() == Component.State.STARTING)
                            .forEach(component -> print(row(component)));
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
        var screen = new StringBuilder();
        if (drawn > 0) {
            screen.append("\033[").append(drawn).append('A');
        }
        for (var component : components) {
            screen.append("\033[2K")
                    .append(colored(component, terminal.fit(row(component))))
                    .append('\n');
        }
        drawn = components.size();
        terminal.out().print(screen);
        terminal.out().flush();
    }

    private void line(Component component) {
        var state = component.state();
        if (state != shown.put(component.name(), state) && state != Component.State.WAITING) {
            print(row(component));
        }
    }

    private void print(String row) {
        lastLine = System.nanoTime();
        terminal.print(row);
    }

    private static String row(Component component) {
        var state = component.state();
        var time = state == Component.State.STARTING || state == Component.State.HEALTHY
                ? Terminal.seconds(component.startTime())
                : "";
        return String.format(
                        Locale.ROOT,
                        "  %-20s %-9s %7s   %-11s %s",
                        component.name(),
                        WORDS.get(state),
                        time,
                        "port " + component.port(),
                        component.detail().orElse(""))
                .stripTrailing();
    }

    private static String colored(Component component, String row) {
        return switch (component.state()) {
            case HEALTHY -> "\033[32m" + row + "\033[0m";
            case ENDED -> "\033[31m" + row + "\033[0m";
            case WAITING -> "\033[2m" + row + "\033[0m";
            case STARTING -> row;
        };
    }
}
