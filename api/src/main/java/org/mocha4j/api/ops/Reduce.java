package org.mocha4j.api.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Reduces axes to extent 1. SUM adds; the order follows from the shape alone. MAX: NaN if any is NaN; the gradient goes
 * to the first maximum in row-major order. ARG_MAX takes one axis and gives the index of the first maximum (of the first
 * NaN, if any) as a number of the input's type; no gradient. Of nothing: sum 0; the others are an error.
 */
public record Reduce(Kind kind, List<Integer> axes) implements Op1 {
    /** What is computed. */
    public enum Kind { SUM, MAX, ARG_MAX }

    public Reduce {
        axes = axes.stream().sorted().distinct().toList();
    }

    @Override
    public Spec infer(Spec x) {
        Shape s = x.shape();
        if (kind == Kind.ARG_MAX && axes.size() != 1) {
            throw new ShapeException("ARG_MAX takes one axis, found " + axes);
        }
        for (int a : axes) {
            if (a < 0 || a >= s.rank()) {
                throw new ShapeException("axis " + a + " does not exist in " + s + "; expected 0 to " + (s.rank() - 1));
            }
            if (kind != Kind.SUM && s.dim(a) == 0) {
                throw new ShapeException(kind + " of nothing: axis " + a + " of " + s + " is empty");
            }
            s = s.with(a, 1);
        }
        return x.with(s);
    }

    /** MAX over several axes is MAX over one after the other, innermost first; all else is primitive. */
    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        if (kind != Kind.MAX || axes.size() < 2) {
            return Optional.empty();
        }
        Value y = in.get(0);
        for (int i = axes.size() - 1; i >= 0; i--) {
            y = Ops.reduceMax(g, y, axes.get(i));
        }
        return Optional.of(List.of(y));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value x = in.get(0);
        Shape s = x.shape();
        if (kind == Kind.ARG_MAX) {
            return Optional.of(Arrays.asList((Value) null));
        }
        if (kind == Kind.SUM) {
            return Optional.of(List.of(Ops.broadcast(g, dOut.get(0), s)));
        }
        if (axes.size() > 1) {
            return Optional.empty();
        }
        if (axes.isEmpty()) {
            return Optional.of(List.of(dOut.get(0)));
        }
        Value hot = Ops.oneHot(g, Ops.argMax(g, x, axes.get(0)), s, axes.get(0));
        return Optional.of(List.of(Ops.multiply(g, hot, Ops.broadcast(g, dOut.get(0), s))));
    }
}
