package org.mocha4j.api.ops;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;

/**
 * Made by the runtime where a state or parameter is assigned: (state, next) → next while the status word is clear, else
 * state. Its kernel copies in place on input 0, is predicated, and takes any layout of its device, the same for all three.
 */
public record Commit() implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 2 || !in.get(0).equals(in.get(1))) {
            throw new ShapeException("a state is assigned a value of its own type and shape, found " + in);
        }
        return List.of(in.get(0));
    }
}
