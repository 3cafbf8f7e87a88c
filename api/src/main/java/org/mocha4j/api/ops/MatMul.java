package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.matMul;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * The matrix product of the last two axes, each operand transposed or not: [..., m, k] · [..., k, n] = [..., m, n].
 * Leading axes are equal and run side by side.
 */
public record MatMul(boolean transposeA, boolean transposeB) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 2 || in.get(0).type() != in.get(1).type()) {
            throw new ShapeException("a matrix product takes two inputs of one type, found " + in);
        }
        Shape a = in.get(0).shape();
        Shape b = in.get(1).shape();
        boolean fits = a.rank() >= 2 && a.rank() == b.rank()
                && a.sub(0, a.rank() - 2).equals(b.sub(0, b.rank() - 2))
                && a.dim(transposeA ? -2 : -1) == b.dim(transposeB ? -1 : -2);
        if (!fits) {
            throw new ShapeException("matrix product of " + a + (transposeA ? " transposed" : "") + " and " + b
                    + (transposeB ? " transposed" : "") + " does not fit: inner extents and leading axes must be equal");
        }
        int m = a.dim(transposeA ? -1 : -2);
        int n = b.dim(transposeB ? -2 : -1);
        return List.of(in.get(0).with(a.with(-2, m).with(-1, n)));
    }

    /** With C = A·B: dA = dC·Bᵀ, dB = Aᵀ·dC, and transposed forms of these. */
    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value a = in.get(0);
        Value b = in.get(1);
        Value d = dOut.get(0);
        Value da = transposeA ? matMul(g, b, transposeB, d, true) : matMul(g, d, false, b, !transposeB);
        Value db = transposeB ? matMul(g, d, true, a, transposeA) : matMul(g, a, !transposeA, d, false);
        return Optional.of(List.of(da, db));
    }
}
