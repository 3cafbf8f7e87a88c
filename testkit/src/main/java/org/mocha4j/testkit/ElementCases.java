package org.mocha4j.testkit;

import static org.mocha4j.testkit.Values.between;
import static org.mocha4j.testkit.Values.distinct;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedElementwise.Instruction;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;

/** Element-wise ops, alone and fused, bias and dropout. */
final class ElementCases {
    private static final int[][] SHAPES = {{}, {1}, {3}, {7}, {8}, {13}, {65}, {3, 7}, {2, 3, 3, 5}};
    private static final int[][] FEW = {{13}, {2, 5, 3, 3}};

    private ElementCases() {
    }

    static List<OpCase> all() {
        List<OpCase> c = new ArrayList<>();
        for (int[] s : SHAPES) {
            c.add(OpCase.of(new Affine(-0.5, 1.5), distinct(1, s)));
            c.add(OpCase.of(new Add(), distinct(1, s), distinct(2, s)));
            c.add(OpCase.of(new Tanh(), distinct(3, s)));
            c.add(OpCase.of(new Relu(), distinct(4, s)));
        }
        for (int[] s : FEW) {
            for (Op op : List.of(new Affine(2, 0), new Affine(0, 3), new Exp(), new Abs(), new Sign(), new Sigmoid(),
                    new Pow(2), new Pow(3), new Pow(0), new Pow(1))) {
                c.add(OpCase.of(op, distinct(5, s)));
            }
            for (Op op : List.of(new Log(), new Pow(0.5), new Pow(-0.5), new Pow(-1), new Pow(1.7))) {
                c.add(OpCase.of(op, between(0.2, 2, 6, s)));
            }
            for (Op op : List.of(new Multiply(), new Max(), new ReluGradient(), new SigmoidGradient())) {
                c.add(OpCase.of(op, distinct(7, s), distinct(8, s)));
            }
            c.add(OpCase.of(new Divide(), distinct(9, s), between(0.5, 2, 10, s)));
            for (Select.Comparison k : Select.Comparison.values()) {
                c.add(OpCase.of(new Select(k), distinct(11, s), distinct(12, s), distinct(13, s), distinct(14, s)));
            }
            c.add(OpCase.of(new Dropout(0.3), distinct(15, s), between(0, 1, 16, s)).smooth(0));
            c.add(OpCase.of(new Dropout(0), distinct(15, s), between(0.1, 1, 17, s)).smooth(0));
            fused(c, s);
        }
        c.add(OpCase.of(new Bias(0), distinct(1, 3), distinct(2, 3)));
        c.add(OpCase.of(new Bias(-1), distinct(1, 7, 13), distinct(2, 13)));
        c.add(OpCase.of(new Bias(1), distinct(1, 3, 8, 5), distinct(2, 8)));
        c.add(OpCase.of(new Bias(1), distinct(1, 2, 5, 3, 4), distinct(2, 5)));
        c.add(OpCase.of(new Bias(2), distinct(1, 2, 3, 4, 3), distinct(2, 4)));
        return c;
    }

    private static void fused(List<OpCase> c, int[] s) {
        Shape shape = Shape.of(s);
        Instruction twice = new Instruction(new Affine(2, 0), List.of(0));
        c.add(OpCase.of(new FusedElementwise(1, List.of(twice, new Instruction(new Tanh(), List.of(1))), List.of(2),
                shape), distinct(1, s)));
        c.add(OpCase.of(new FusedElementwise(2, List.of(new Instruction(new Multiply(), List.of(0, 1)),
                new Instruction(new Add(), List.of(2, 0)), new Instruction(new Exp(), List.of(3))), List.of(4), shape),
                distinct(1, s), distinct(2, s)));
        c.add(OpCase.of(new FusedElementwise(2, List.of(new Instruction(new Multiply(), List.of(0, 1)),
                new Instruction(new Affine(1, 0.5), List.of(2))), List.of(2, 3), shape),
                distinct(1, s), distinct(2, s)));
        c.add(OpCase.of(new FusedElementwise(3, List.of(new Instruction(new Multiply(), List.of(2, 0)),
                new Instruction(new Add(), List.of(3, 1))), List.of(4), shape), distinct(1, s), distinct(2, s),
                distinct(3)));
        c.add(OpCase.of(new FusedElementwise(2, List.of(
                new Instruction(new Select(Select.Comparison.LESS), List.of(0, 1, 1, 0)),
                new Instruction(new Abs(), List.of(2))), List.of(3), shape), distinct(1, s), distinct(2, s)));
    }
}
