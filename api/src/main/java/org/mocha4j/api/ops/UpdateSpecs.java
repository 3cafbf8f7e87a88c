package org.mocha4j.api.ops;

import java.util.Collections;
import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** What update rules share: some tensors of one spec, then single numbers. */
final class UpdateSpecs {
    private UpdateSpecs() {
    }

    /** A single number of any rank, repeated. */
    static Value spread(Graph g, Value number, Shape to) {
        return Ops.broadcast(g, Ops.reshape(g, number, Shape.SCALAR), to);
    }

    static List<Spec> infer(Op op, List<Spec> in, int tensors, int numbers) {
        boolean fits = in.size() == tensors + numbers
                && in.subList(0, tensors).stream().allMatch(in.get(0)::equals)
                && in.subList(tensors, in.size()).stream().allMatch(n -> n.elements() == 1);
        if (!fits) {
            throw new ShapeException(op + " takes " + tensors + " tensors of one spec and " + numbers
                    + " single numbers, found " + in);
        }
        return Collections.nCopies(tensors - 1, in.get(0));
    }
}
