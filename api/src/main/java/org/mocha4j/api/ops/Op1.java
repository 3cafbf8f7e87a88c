package org.mocha4j.api.ops;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;

/** An op with one input and one output. */
public interface Op1 extends Op {
    /** @throws ShapeException if the input does not fit */
    Spec infer(Spec x);

    @Override
    default List<Spec> infer(List<Spec> inputs) {
        if (inputs.size() != 1) {
            throw new ShapeException(this + " takes one input, found " + inputs.size());
        }
        return List.of(infer(inputs.get(0)));
    }
}
