package org.mocha4j.cuda.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Op;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
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

/**
 * Writes the code of a run of element-wise ops: operand i is {@code v<i>}, the inputs first, then each instruction's
 * result.
 */
final class ElementSource {
    private final int inputs;
    private final Set<Integer> repeated;
    private final List<String> lines = new ArrayList<>();

    /** @param repeated inputs of one element */
    ElementSource(int inputs, Set<Integer> repeated) {
        this.inputs = inputs;
        this.repeated = repeated;
        for (int i = 0; i < inputs; i++) {
            value("x" + i + (repeated.contains(i) ? "[0]" : "[i]"));
        }
    }

    private void value(String expression) {
        lines.add("const real v" + lines.size() + " = " + expression + ";");
    }

    void instruction(Op op, List<Integer> of) {
        value(expression(op, of.stream().map(i -> "v" + i).toList()));
    }

    /** @param results the operands that are outputs */
    ElementCode code(List<Integer> results, boolean predicated) {
        List<String> all = new ArrayList<>(lines);
        for (int i = 0; i < results.size(); i++) {
            all.add("y" + i + "[i] = v" + results.get(i) + ";");
        }
        return new ElementCode(inputs, results.size(), repeated, predicated, all);
    }

    private static String expression(Op op, List<String> v) {
        String a = v.get(0);
        String b = v.size() > 1 ? v.get(1) : a;
        if (op instanceof Affine f) {
            return number(f.scale()) + " * " + a + " + " + number(f.shift());
        } else if (op instanceof Pow p) {
            return "power(" + a + ", " + Double.toString(p.exponent()) + ")";
        } else if (op instanceof Select s) {
            String comparison = switch (s.comparison()) {
                case LESS -> " < ";
                case LESS_OR_EQUAL -> " <= ";
                case EQUAL -> " == ";
            };
            return a + comparison + b + " ? " + v.get(2) + " : " + v.get(3);
        } else if (op instanceof Dropout d) {
            return b + " > " + number(d.ratio()) + " ? " + a + " * " + number(1 / (1 - d.ratio())) + " : (real)0";
        }
        return v.size() == 1 ? unary(op, a) : binary(op, a, b);
    }

    private static String unary(Op op, String a) {
        if (op instanceof Exp) {
            return "exp(" + a + ")";
        } else if (op instanceof Log) {
            return "log(" + a + ")";
        } else if (op instanceof Tanh) {
            return "tanh(" + a + ")";
        } else if (op instanceof Abs) {
            return "fabs(" + a + ")";
        } else if (op instanceof Sign) {
            return "sign(" + a + ")";
        } else if (op instanceof Relu) {
            return "relu(" + a + ")";
        } else if (op instanceof Sigmoid) {
            return "sigmoid(" + a + ")";
        }
        throw new IllegalArgumentException("no expression for " + op);
    }

    private static String binary(Op op, String a, String b) {
        if (op instanceof Add) {
            return a + " + " + b;
        } else if (op instanceof Multiply) {
            return a + " * " + b;
        } else if (op instanceof Divide) {
            return a + " / " + b;
        } else if (op instanceof Max) {
            return "larger(" + a + ", " + b + ")";
        } else if (op instanceof ReluGradient) {
            return a + " > 0 ? " + b + " : (real)0";
        } else if (op instanceof SigmoidGradient) {
            return b + " * (" + a + " * (1 - " + a + "))";
        }
        throw new IllegalArgumentException("no expression for " + op);
    }

    /** Rounded to the type where it is compiled. */
    private static String number(double d) {
        return "(real)" + (d < 0 || 1 / d < 0 ? "(" + d + ")" : Double.toString(d));
    }
}
