package org.mocha4j.testkit;

import static org.mocha4j.testkit.Values.between;
import static org.mocha4j.testkit.Values.distinct;
import static org.mocha4j.testkit.Values.whole;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedUpdate;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.PredicatedElementwise;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;
import org.mocha4j.api.ops.Tanh;

/** Ops that add up: reductions, products, soft maxima, losses, normalisation; and the update rules. */
final class SumCases {
    private SumCases() {
    }

    static List<OpCase> all() {
        List<OpCase> c = new ArrayList<>();
        reductions(c);
        products(c);
        softmax(c);
        for (int[] s : new int[][] {{7, 3}, {2, 5, 3}, {3, 4, 3, 3}, {2, 1, 13}}) {
            int terms = 40;
            c.add(OpCase.of(new BatchNorm(1e-3), distinct(1, s), between(0.5, 1.5, 2, s[1]), distinct(3, s[1]))
                    .terms(terms));
            c.add(OpCase.of(new BatchNormGradient(1e-3), distinct(1, s), between(0.5, 1.5, 2, s[1]), distinct(3, s[1]),
                    between(0.5, 2, 4, s[1]), distinct(5, s)).terms(terms));
        }
        for (int[] s : new int[][] {{}, {13}, {2, 3, 3, 5}}) {
            c.add(OpCase.of(new SgdUpdate(), distinct(1, s), distinct(2, s), distinct(3, s), between(0.1, 0.2, 4),
                    between(0.8, 0.9, 5)));
            c.add(OpCase.of(new AdamUpdate(0.9, 0.99, 1e-4), distinct(1, s), distinct(2, s), distinct(3, s),
                    between(0.1, 1, 4, s), between(0.1, 0.2, 5), between(1, 10, 6, 1), between(1, 10, 7)).terms(4));
        }
        for (int[] s : new int[][] {{13}, {2, 3, 3, 5}, {700}}) {
            fusedUpdates(c, s);
        }
        return c;
    }

    /** Update rules whose gradient is coefficient · w + g. */
    private static void fusedUpdates(List<OpCase> c, int... s) {
        FusedElementwise decay = new FusedElementwise(3, List.of(new FusedElementwise.Instruction(new Multiply(), List.of(0, 1)),
                new FusedElementwise.Instruction(new Add(), List.of(3, 2))), List.of(4), Shape.of(s));
        Array rate = between(0.1, 0.2, 5);
        c.add(OpCase.of(new PredicatedElementwise(decay), between(0.1, 0.2, 4, 1), distinct(1, s), distinct(2, s)));
        c.add(OpCase.of(new FusedUpdate(decay, new SgdUpdate(), List.of(1, 3, 4, 5)), between(0.1, 0.2, 4, 1), distinct(1, s),
                distinct(2, s), distinct(3, s), rate, between(0.8, 0.9, 6)).terms(4).rough());
        c.add(OpCase.of(new FusedUpdate(decay, new AdamUpdate(0.9, 0.99, 1e-4), List.of(1, 3, 4, 5, 6, 7)),
                between(0.1, 0.2, 4, 1), distinct(1, s), distinct(2, s), distinct(3, s), between(0.1, 1, 8, s), rate,
                between(1, 10, 6, 1), between(1, 10, 7)).terms(8).rough());
    }

    private static void reductions(List<OpCase> c) {
        for (Reduce.Kind k : Reduce.Kind.values()) {
            for (int axis = 0; axis < 3; axis++) {
                c.add(OpCase.of(new Reduce(k, List.of(axis)), distinct(1, 3, 8, 7)).terms(8));
            }
            c.add(OpCase.of(new Reduce(k, List.of(0)), distinct(1, 1)));
            c.add(OpCase.of(new Reduce(k, List.of(1)), distinct(1, 2, 5, 3, 3)).terms(5));
        }
        for (Reduce.Kind k : List.of(Reduce.Kind.SUM, Reduce.Kind.MAX)) {
            c.add(OpCase.of(new Reduce(k, List.of(0, 1)), distinct(1, 3, 8)).terms(24));
            c.add(OpCase.of(new Reduce(k, List.of(0, 2, 3)), distinct(1, 2, 5, 3, 3)).terms(18));
            c.add(OpCase.of(new Reduce(k, List.of()), distinct(1, 3)));
        }
        c.add(OpCase.of(new Reduce(Reduce.Kind.SUM, List.of(1)), distinct(1, 3, 1025)).terms(1025).rough());
        c.add(OpCase.of(new Reduce(Reduce.Kind.SUM, List.of(0)), distinct(1, 1025, 3)).terms(1025).rough());
        c.add(OpCase.of(new Reduce(Reduce.Kind.SUM, List.of(0, 1, 2)), distinct(1, 13, 65, 7)).terms(6000).rough());
    }

    private static void products(List<OpCase> c) {
        int[][] sizes = {{1, 1, 1}, {3, 7, 8}, {8, 1, 3}, {1, 13, 1}, {13, 8, 7}};
        for (int[] s : sizes) {
            for (int t = 0; t < 4; t++) {
                c.add(product(t, s[0], s[1], s[2]).terms(s[1]));
            }
        }
        for (int t = 0; t < 4; t++) {
            c.add(product(t, 65, 129, 33).terms(129).rough());
            c.add(product(t, 3, 5, 7, 2).terms(5));
            c.add(product(t, 2, 3, 4, 2, 3).terms(3));
        }
        for (Op a : java.util.Arrays.asList(null, new Relu(), new Sigmoid(), new Tanh())) {
            c.add(OpCase.of(new MatMulBias(new MatMul(false, true), a), distinct(1, 3, 7), distinct(2, 13, 7),
                    distinct(3, 13)).terms(7));
        }
        c.add(OpCase.of(new MatMulBias(new MatMul(true, false), new Relu()), distinct(1, 8, 1), distinct(2, 8, 3),
                distinct(3, 3)).terms(8));
    }

    private static OpCase product(int transposed, int m, int k, int n, int... batch) {
        boolean ta = (transposed & 1) != 0;
        boolean tb = (transposed & 2) != 0;
        return OpCase.of(new MatMul(ta, tb), distinct(1, join(batch, ta ? k : m, ta ? m : k)),
                distinct(2, join(batch, tb ? n : k, tb ? k : n)));
    }

    private static int[] join(int[] batch, int rows, int columns) {
        int[] d = java.util.Arrays.copyOf(batch, batch.length + 2);
        d[batch.length] = rows;
        d[batch.length + 1] = columns;
        return d;
    }

    private static void softmax(List<OpCase> c) {
        int[][] shapes = {{7, 13}, {3, 1}, {2, 5, 3}, {2, 3, 3, 4}, {8}};
        for (int[] s : shapes) {
            for (int axis = 0; axis < s.length; axis++) {
                c.add(OpCase.of(new Softmax(axis), distinct(1, s)).terms(s[axis]));
            }
            c.add(OpCase.of(new SoftmaxGradient(-1), between(0, 1, 1, s), distinct(2, s)).terms(s[s.length - 1]));
        }
        loss(c, 1, new int[] {7, 13}, 7);
        loss(c, 1, new int[] {7, 13}, 7, 1);
        loss(c, 1, new int[] {1, 3}, 1);
        loss(c, 1, new int[] {2, 5, 3}, 2, 1, 3);
        loss(c, 1, new int[] {2, 3, 3, 4}, 2, 1, 3, 4);
        loss(c, -1, new int[] {2, 3, 8}, 2, 3);
        loss(c, 0, new int[] {5, 3}, 3);
    }

    private static void loss(List<OpCase> c, int axis, int[] x, int... labels) {
        int classes = x[axis < 0 ? axis + x.length : axis];
        c.add(OpCase.of(new SoftmaxLoss(axis), distinct(1, x), whole(classes, 1, labels)).smooth(0).terms(classes * 8));
        c.add(OpCase.of(new SoftmaxLossGradient(axis), distinct(1, x), whole(classes, 1, labels), distinct(2))
                .smooth(0, 2).terms(classes));
    }
}
