package org.mocha4j.api.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Random numbers of {@link org.mocha4j.api.Philox}: input int64 [2] = (seed, step). Uniform: a + (b − a)·u, computed in
 * double and rounded once; normal: a + b·z. Element index is row-major in any layout. No gradient.
 *
 * @param key from the layer's and the random value's name
 */
public record Random(Distribution distribution, long key, Spec spec) implements Op1 {
    @Override
    public Spec infer(Spec counters) {
        if (!counters.equals(Spec.of(DataType.INT64, 2))) {
            throw new ShapeException("Random takes the counters int64[2], found " + counters);
        }
        return spec;
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(Arrays.asList((Value) null));
    }
}
