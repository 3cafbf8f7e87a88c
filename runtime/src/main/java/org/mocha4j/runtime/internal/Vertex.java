package org.mocha4j.runtime.internal;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.StepInfo.Direction;

/** An op in a graph with its inputs and outputs. */
public final class Vertex {
    final Op op;
    final List<Val> in;
    final List<Val> out;
    /** The layer that asked for it, for messages. */
    final String layer;
    /** For an op that a gradient consists of: the op it is the gradient of. */
    final Vertex forward;
    final Direction direction;
    /** The ops whose decomposition this is part of, outermost first, each with the reason: for people. */
    List<String> origins = List.of();

    Vertex(Op op, List<Val> in, List<Spec> specs, String layer, Vertex forward, Direction direction) {
        this.op = op;
        this.in = List.copyOf(in);
        this.layer = layer;
        this.forward = forward;
        this.direction = direction;
        Val[] o = new Val[specs.size()];
        for (int i = 0; i < o.length; i++) {
            o[i] = Val.output(this, i, specs.get(i));
        }
        this.out = List.of(o);
    }

    List<Spec> inSpecs() {
        return in.stream().map(Val::spec).toList();
    }

    List<Spec> outSpecs() {
        return out.stream().map(Val::spec).toList();
    }
}
