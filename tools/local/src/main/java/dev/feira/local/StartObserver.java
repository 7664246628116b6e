package dev.feira.local;

import java.util.List;

/** Observes a start or a stop. Several threads call it, one at a time. */
public interface StartObserver {

    /** Ignores all calls. */
    StartObserver NONE = new StartObserver() {};

    /** The start begins with these components, in display order. */
    default void begins(List<? extends Component> components) {}

    /** The {@link Component#state()} of the component changed. */
    default void changed(Component component) {}
}
