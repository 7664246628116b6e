package dev.feira.local;

import java.util.List;

/** Follows a start or a stop, to show it. Called from several threads, one call at a time. */
public interface StartObserver {

    /** Sees nothing. */
    StartObserver NONE = new StartObserver() {};

    /** The start begins; these are all the parts, in the order in which they are shown. */
    default void begins(List<? extends Component> components) {}

    /** The part's {@link Component#state()} changed. */
    default void changed(Component component) {}
}
