package org.mocha4j.api.ops;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;

/** An op with two inputs and one output. */
public interface Op2 extends Op {
    /** @throws ShapeException if the inputs do not fit */
    Spec infer(Spec a, Spec b);

    @Override
    default List<Spec> infer(List<Spec> inputs) {
        if (inputs.size() != 2) {
            throw new ShapeException(this + " takes two inputs, found " + inputs.size());
        }
        return List.of(infer(inputs.get(0), inputs.get(1)));
    }
}
