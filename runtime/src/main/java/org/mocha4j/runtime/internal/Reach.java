package org.mocha4j.runtime.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which vertices values depend on. */
final class Reach {
    private Reach() {
    }

    /** The vertices that some values need, going back no further than the given values. */
    static Set<Vertex> to(Collection<Val> from, Collection<Val> stop) {
        Set<Val> ends = new HashSet<>(stop);
        Set<Vertex> seen = new LinkedHashSet<>();
        Deque<Val> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            Val v = open.pop();
            if (v.producer != null && !ends.contains(v) && seen.add(v.producer)) {
                open.addAll(v.producer.in);
            }
        }
        return seen;
    }
}
