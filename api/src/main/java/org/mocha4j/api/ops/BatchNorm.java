package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Normalises each channel (axis 1) by the statistics of the batch: (x [N, C, …], scale [C], shift [C]) → (y, mean [C],
 * variance [C]); y = scale · (x − mean) / √(variance + epsilon) + shift, variance = Σ (x − mean)² / m, m the number of
 * elements of a channel. Ioffe and Szegedy, Batch Normalization, 2015.
 */
public record BatchNorm(double epsilon) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        boolean fits = in.size() == 3 && in.get(0).shape().rank() >= 2
                && in.get(1).equals(in.get(0).with(Shape.of(in.get(0).shape().dim(1)))) && in.get(2).equals(in.get(1));
        if (!fits || in.get(0).elements() == 0) {
            throw new ShapeException("batch normalisation takes x [N, C, …], scale [C] and shift [C], found " + in);
        }
        return List.of(in.get(0), in.get(1), in.get(1));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        Shape s = x.shape();
        double m = (double) s.elements() / s.dim(1);
        Value mean = affine(g, sumToAxis(g, x, 1), 1 / m, 0);
        Value centred = subtract(g, x, broadcastAxis(g, mean, s, 1));
        Value variance = affine(g, sumToAxis(g, square(g, centred), 1), 1 / m, 0);
        Value factor = multiply(g, in.get(1), pow(g, affine(g, variance, 1, epsilon), -0.5));
        Value y = add(g, multiply(g, centred, broadcastAxis(g, factor, s, 1)), broadcastAxis(g, in.get(2), s, 1));
        return Optional.of(List.of(y, mean, variance));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value x = in.get(0);
        Shape s = x.shape();
        double m = (double) s.elements() / s.dim(1);
        List<Value> d = new ArrayList<>(java.util.Arrays.asList(null, null, null));
        if (dOut.get(0) != null) {
            d = new ArrayList<>(g.ops(new BatchNormGradient(epsilon), x, in.get(1), out.get(1), out.get(2), dOut.get(0)));
        }
        if (dOut.get(1) != null) {
            d.set(0, plus(g, d.get(0), broadcastAxis(g, affine(g, dOut.get(1), 1 / m, 0), s, 1)));
        }
        if (dOut.get(2) != null) {
            Value centred = subtract(g, x, broadcastAxis(g, out.get(1), s, 1));
            d.set(0, plus(g, d.get(0), multiply(g, centred, broadcastAxis(g, affine(g, dOut.get(2), 2 / m, 0), s, 1))));
        }
        return Optional.of(d);
    }

    private static Value plus(Graph g, Value a, Value b) {
        return a == null ? b : add(g, a, b);
    }
}
