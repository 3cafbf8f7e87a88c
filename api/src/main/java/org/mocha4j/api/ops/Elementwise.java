package org.mocha4j.api.ops;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;

/** A primitive op that computes each element from the elements at the same index. All inputs have one spec, the output's. */
public sealed interface Elementwise extends Op permits Affine, Exp, Log, Tanh, Pow, Abs, Sign, Add, Multiply, Divide, Max,
        Select {
    /** The number of inputs. */
    default int arity() {
        return 1;
    }

    @Override
    default List<Spec> infer(List<Spec> in) {
        if (in.size() != arity()) {
            throw new ShapeException(this + " takes " + arity() + " inputs, found " + in.size());
        }
        for (Spec s : in) {
            if (!s.equals(in.get(0))) {
                throw new ShapeException(this + " takes inputs of one type and shape, found " + in);
            }
        }
        return List.of(in.get(0));
    }
}
