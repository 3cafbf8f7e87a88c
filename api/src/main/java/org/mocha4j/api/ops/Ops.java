package org.mocha4j.api.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** The primitive ops as expressions: {@code add(g, multiply(g, a, x), b)}. */
public final class Ops {
    private Ops() {
    }

    public static Value affine(Graph g, Value x, double scale, double shift) {
        return scale == 1 && shift == 0 ? x : g.op(new Affine(scale, shift), x);
    }

    public static Value exp(Graph g, Value x) {
        return g.op(new Exp(), x);
    }

    public static Value log(Graph g, Value x) {
        return g.op(new Log(), x);
    }

    public static Value tanh(Graph g, Value x) {
        return g.op(new Tanh(), x);
    }

    public static Value abs(Graph g, Value x) {
        return g.op(new Abs(), x);
    }

    public static Value sign(Graph g, Value x) {
        return g.op(new Sign(), x);
    }

    public static Value pow(Graph g, Value x, double exponent) {
        return g.op(new Pow(exponent), x);
    }

    public static Value square(Graph g, Value x) {
        return g.op(new Multiply(), x, x);
    }

    public static Value add(Graph g, Value a, Value b) {
        return g.op(new Add(), a, b);
    }

    public static Value subtract(Graph g, Value a, Value b) {
        return add(g, a, affine(g, b, -1, 0));
    }

    public static Value multiply(Graph g, Value a, Value b) {
        return g.op(new Multiply(), a, b);
    }

    public static Value divide(Graph g, Value a, Value b) {
        return g.op(new Divide(), a, b);
    }

    public static Value max(Graph g, Value a, Value b) {
        return g.op(new Max(), a, b);
    }

    /** x where {@code a comparison b}, else y. */
    public static Value select(Graph g, Select.Comparison comparison, Value a, Value b, Value x, Value y) {
        return g.op(new Select(comparison), a, b, x, y);
    }

    /** A tensor that holds v everywhere. */
    public static Value fill(Graph g, Spec spec, double v) {
        return broadcast(g, g.constant(Array.scalar(spec.type(), v)), spec.shape());
    }

    public static Value broadcast(Graph g, Value x, Shape to) {
        return x.shape().equals(to) ? x : g.op(new Broadcast(to), x);
    }

    /** A vector [C] spread along one axis of a shape. */
    public static Value broadcastAxis(Graph g, Value vector, Shape to, int axis) {
        int[] d = new int[to.rank()];
        java.util.Arrays.fill(d, 1);
        d[to.axis(axis)] = to.dim(axis);
        return broadcast(g, reshape(g, vector, Shape.of(d)), to);
    }

    /** The sum over axes, which keep extent 1. */
    public static Value sum(Graph g, Value x, List<Integer> axes) {
        return axes.isEmpty() ? x : g.op(new Reduce(Reduce.Kind.SUM, axes), x);
    }

    public static Value reduceMax(Graph g, Value x, int axis) {
        return g.op(new Reduce(Reduce.Kind.MAX, List.of(axis)), x);
    }

    public static Value argMax(Graph g, Value x, int axis) {
        return g.op(new Reduce(Reduce.Kind.ARG_MAX, List.of(axis)), x);
    }

    /** The sum of all elements, rank 0. */
    public static Value sumAll(Graph g, Value x) {
        return reshape(g, sum(g, x, allAxesBut(x.shape(), -1)), Shape.SCALAR);
    }

    /** The sum over all axes but one, as a vector. */
    public static Value sumToAxis(Graph g, Value x, int axis) {
        int a = x.shape().axis(axis);
        return reshape(g, sum(g, x, allAxesBut(x.shape(), a)), Shape.of(x.shape().dim(a)));
    }

    /** 0 … rank−1 without one axis; −1 leaves none out. */
    public static List<Integer> allAxesBut(Shape s, int axis) {
        return IntStream.range(0, s.rank()).filter(i -> i != axis).boxed().toList();
    }

    /** The adjoint of broadcasting from a shape: sums what was repeated. */
    public static Value sumTo(Graph g, Value x, Shape to) {
        List<Integer> axes = new ArrayList<>();
        int lead = x.shape().rank() - to.rank();
        for (int i = 0; i < x.shape().rank(); i++) {
            if (x.shape().dim(i) != 1 && (i < lead || to.dim(i - lead) == 1)) {
                axes.add(i);
            }
        }
        return reshape(g, sum(g, x, axes), to);
    }

    public static Value reshape(Graph g, Value x, Shape to) {
        return x.shape().equals(to) ? x : g.op(new Reshape(to), x);
    }

    public static Value transpose(Graph g, Value x, Integer... axes) {
        return g.op(new Transpose(List.of(axes)), x);
    }

    public static Value matMul(Graph g, Value a, boolean transposeA, Value b, boolean transposeB) {
        return g.op(new MatMul(transposeA, transposeB), a, b);
    }

    public static Value concatenate(Graph g, int axis, List<Value> parts) {
        return parts.size() == 1 ? parts.get(0) : g.op(new Concatenate(axis), parts.toArray(Value[]::new));
    }

    /** Elements from … from+size−1 along one axis. */
    public static Value slice(Graph g, Value x, int axis, int from, int size) {
        Shape s = x.shape();
        int a = s.axis(axis);
        return g.op(new Slice(IntStream.range(0, s.rank()).mapToObj(i -> i == a ? from : 0).toList(),
                s.with(a, size)), x);
    }

    /** 0, 1, … along one axis of a shape, repeated along the others. */
    public static Value iota(Graph g, Spec spec, int axis) {
        return broadcastAxis(g, g.constant(Array.iota(spec.type(), spec.shape().dim(axis))), spec.shape(), axis);
    }

    /** 1 where the index along axis equals the index value (extent 1 along axis), else 0. */
    public static Value oneHot(Graph g, Value index, Shape shape, int axis) {
        Spec spec = index.spec().with(shape);
        return select(g, Select.Comparison.EQUAL, iota(g, spec, axis), broadcast(g, index, shape),
                fill(g, spec, 1), fill(g, spec, 0));
    }

    /** 1 for the first {@code valid} samples along axis 0, else 0. */
    public static Value validMask(Graph g, Value valid, Spec spec) {
        return select(g, Select.Comparison.LESS, iota(g, spec, 0), broadcast(g, valid, spec.shape()),
                fill(g, spec, 1), fill(g, spec, 0));
    }
}
