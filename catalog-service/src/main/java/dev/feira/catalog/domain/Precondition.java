package dev.feira.catalog.domain;

import java.util.Optional;
import java.util.Set;

/** What the author of a change has seen before: a change made on something else is refused. */
public sealed interface Precondition {

    /** Returns whether the change may be made. */
    boolean holdsFor(Optional<Long> version);

    /** Whatever is there. */
    record None() implements Precondition {
        @Override
        public boolean holdsFor(Optional<Long> version) {
            return true;
        }
    }

    /** Nothing is there yet. */
    record Absent() implements Precondition {
        @Override
        public boolean holdsFor(Optional<Long> version) {
            return version.isEmpty();
        }
    }

    /** Something is there, whichever version. */
    record Present() implements Precondition {
        @Override
        public boolean holdsFor(Optional<Long> version) {
            return version.isPresent();
        }
    }

    /** One of these versions is there. */
    record OneOf(Set<Long> versions) implements Precondition {
        public OneOf {
            versions = Set.copyOf(versions);
        }

        @Override
        public boolean holdsFor(Optional<Long> version) {
            return version.filter(versions::contains).isPresent();
        }
    }
}
