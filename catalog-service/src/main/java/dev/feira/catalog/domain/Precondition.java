package dev.feira.catalog.domain;

import java.util.Optional;
import java.util.Set;

/** The version on which a change is based; a change based on another version is rejected. */
public sealed interface Precondition {

    /** Returns whether the change is allowed. */
    boolean holdsFor(Optional<Long> version);

    /** Any version or none. */
    record None() implements Precondition {
        @Override
        public boolean holdsFor(Optional<Long> version) {
            return true;
        }
    }

    /** The product must not exist. */
    record Absent() implements Precondition {
        @Override
        public boolean holdsFor(Optional<Long> version) {
            return version.isEmpty();
        }
    }

    /** The product must exist, in any version. */
    record Present() implements Precondition {
        @Override
        public boolean holdsFor(Optional<Long> version) {
            return version.isPresent();
        }
    }

    /** The product must have one of these versions. */
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
