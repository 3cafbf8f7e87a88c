package org.mocha4j.suite.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sigmoid;

/** A random net of element-wise ops, sums, repetitions, products and image ops; always the same for one seed. */
final class RandomGraph {
    static final Shape ROWS = Shape.of(4, 6);
    static final Shape IMAGES = Shape.of(2, 3, 4, 4);
    private final Random r;
    private final Graph g;
    private final Shape shape;
    private final List<Value> values = new ArrayList<>();
    private final List<Value> numbers = new ArrayList<>();

    private RandomGraph(Graph g, long seed, Shape shape, List<Value> inputs) {
        this.r = new Random(seed);
        this.g = g;
        this.shape = shape;
        values.addAll(inputs);
        numbers.add(Ops.sumAll(g, Ops.affine(g, inputs.get(0), 0.01, 0)));
    }

    /** All values of the shape, in the order made; the last one depends on many. */
    static List<Value> values(Graph g, long seed, Shape shape, List<Value> inputs, int ops) {
        RandomGraph n = new RandomGraph(g, seed, shape, inputs);
        for (int i = 0; i < ops; i++) {
            n.values.add(n.bounded(n.next()));
        }
        return n.values;
    }

    private Value any() {
        return values.get(Math.max(0, values.size() - 1 - r.nextInt(5)));
    }

    private Value bounded(Value x) {
        return r.nextInt(3) == 0 ? Ops.tanh(g, x) : Ops.affine(g, x, 0.5, 0);
    }

    private Value next() {
        return switch (r.nextInt(shape.rank() == 4 ? 14 : 12)) {
            case 0 -> Ops.affine(g, any(), r.nextDouble() - 0.5, r.nextInt(2) * 0.25);
            case 1 -> Ops.add(g, any(), any());
            case 2 -> Ops.multiply(g, Ops.tanh(g, any()), any());
            case 3 -> Ops.max(g, any(), Ops.affine(g, any(), 0.9, 0.1));
            case 4 -> Ops.select(g, Select.Comparison.LESS, any(), any(), any(), any());
            case 5 -> Ops.exp(g, Ops.tanh(g, any()));
            case 6 -> {
                numbers.add(Ops.affine(g, Ops.sumAll(g, Ops.tanh(g, any())), 0.02, 0));
                yield Ops.add(g, any(), Ops.broadcast(g, number(), shape));
            }
            case 7 -> Ops.multiply(g, any(), Ops.broadcast(g, number(), shape));
            case 8 -> Ops.broadcastAxis(g, Ops.sumToAxis(g, Ops.affine(g, any(), 0.1, 0), 1), shape, 1);
            case 9 -> g.op(new Relu(), any());
            case 10 -> g.op(new Sigmoid(), any());
            case 11 -> product();
            case 12 -> pooled();
            default -> convolved();
        };
    }

    private Value number() {
        return numbers.get(r.nextInt(numbers.size()));
    }

    private Value product() {
        int n = shape.dim(0);
        Shape flat = Shape.of(n, (int) shape.elements() / n);
        Value a = Ops.reshape(g, any(), flat);
        Value b = Ops.reshape(g, any(), flat);
        Value square = Ops.matMul(g, Ops.affine(g, a, 0.1, 0), false, b, true);
        return Ops.reshape(g, Ops.matMul(g, square, false, a, false), shape);
    }

    private Value pooled() {
        org.mocha4j.api.Window w = new org.mocha4j.api.Window(org.mocha4j.api.Size.of(3), org.mocha4j.api.Size.of(1),
                org.mocha4j.api.Size.of(1), null);
        return g.op(new org.mocha4j.api.ops.Pooling(r.nextBoolean() ? org.mocha4j.api.ops.Pooling.Kind.MAX
                : org.mocha4j.api.ops.Pooling.Kind.MEAN, w, org.mocha4j.api.ops.Pooling.Divisor.KERNEL,
                org.mocha4j.api.ops.Pooling.Rounding.CEIL), any());
    }

    private Value convolved() {
        org.mocha4j.api.Window w = new org.mocha4j.api.Window(org.mocha4j.api.Size.of(3), org.mocha4j.api.Size.of(1),
                org.mocha4j.api.Size.of(1), null);
        Value filter = Ops.slice(g, Ops.reshape(g, Ops.concatenate(g, 0, List.of(any(), any())), Shape.of(192)), 0, 3,
                81);
        return g.op(new org.mocha4j.api.ops.Convolution(w, 1), any(),
                Ops.affine(g, Ops.reshape(g, filter, Shape.of(3, 3, 3, 3)), 0.1, 0));
    }
}
