package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Copies a graph vertex by vertex into a new one, so that a pass can leave out or replace some. */
final class Rewrite {
    final Ir from;
    final Ir to;
    private final Map<Val, Val> values = new IdentityHashMap<>();
    private final Map<Vertex, Vertex> vertices = new IdentityHashMap<>();

    Rewrite(Ir from) {
        this.from = from;
        this.to = from.sibling();
    }

    Val get(Val old) {
        return old.isLeaf() ? old : values.get(old);
    }

    List<Val> get(List<Val> old) {
        return old.stream().map(this::get).toList();
    }

    /** The new vertex of the forward op that an old vertex belongs to; null where it is gone. */
    Vertex forward(Vertex old) {
        return old.forward == null ? null : vertices.get(old.forward);
    }

    void keep(Vertex v) {
        to.direction = v.direction;
        List<Val> out = to.add(v.op, get(v.in), v.layer, forward(v));
        replace(v, out);
        if (out.get(0).producer.origins.isEmpty()) {
            out.get(0).producer.origins = v.origins;
        }
    }

    /** Takes new values for the outputs of an old vertex. */
    void replace(Vertex old, List<Val> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            values.put(old.out.get(i), outputs.get(i));
        }
    }

    /** Says which new vertex does what an old one did. */
    void became(Vertex old, Vertex now) {
        vertices.put(old, now);
    }

    /** Carries the roots over. */
    Ir finish() {
        from.reads.forEach((name, v) -> to.reads.put(name, get(v)));
        from.assignments.forEach(a -> to.assignments.add(new Ir.Assignment(a.storage(), get(a.next()))));
        return to;
    }

    /** Only what the roots need. */
    static Ir prune(Ir ir) {
        Set<Vertex> live = Reach.to(ir.roots(), Set.of());
        Rewrite r = new Rewrite(ir);
        for (Vertex v : ir.vertices) {
            if (live.contains(v)) {
                r.keep(v);
                r.became(v, r.get(v.out.get(0)).producer);
            }
        }
        return r.finish();
    }

    /** The vertices that some other is the gradient of. */
    static Set<Vertex> forwards(Ir ir) {
        Set<Vertex> f = new HashSet<>();
        ir.vertices.stream().filter(v -> v.forward != null).forEach(v -> f.add(v.forward));
        return f;
    }

    /** How often each value is used, roots included. */
    static Map<Val, List<Vertex>> uses(Ir ir) {
        Map<Val, List<Vertex>> uses = new IdentityHashMap<>();
        for (Vertex v : ir.vertices) {
            v.in.forEach(x -> uses.computeIfAbsent(x, k -> new ArrayList<>()).add(v));
        }
        ir.roots().forEach(x -> uses.computeIfAbsent(x, k -> new ArrayList<>()).add(null));
        return uses;
    }
}
